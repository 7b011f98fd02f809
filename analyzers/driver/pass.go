package driver

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
)

// A unit is one package with its syntax and types, while analyzers run over it.
type unit struct {
	r      *run
	node   *node
	fset   *token.FileSet
	files  []*ast.File
	pkg    *types.Package
	info   *types.Info
	sizes  types.Sizes
	facts  *facts
	names  *names                    // of other packages' objects
	self   *names                    // of this package's
	live   map[liveKey]analysis.Fact // of this package, also those that nobody else can name
	acts   map[*analysis.Analyzer]*action
	diags  []Diagnostic
	reads  map[readKey][8]byte // facts of others that were asked for, with their hashes
	failed error
	// Something below the package is broken: facts may be missing.
	tainted bool
	// A place in another package was reported, which may move without a change
	// of types or facts: the diagnostics are good for this run alone.
	foreign bool
	owned   map[*token.File]bool // the package's files, once asked for
}

type action struct {
	result any
	err    error
}

func (r *run) newUnit(n *node, files []*ast.File, pkg *types.Package, info *types.Info, f *facts) *unit {
	return &unit{
		r: r, node: n, fset: r.fset, files: files, pkg: pkg, info: info, sizes: r.g.sizes(), facts: f, names: &r.names, self: &r.names,
		live:  make(map[liveKey]analysis.Fact),
		acts:  make(map[*analysis.Analyzer]*action),
		reads: make(map[readKey][8]byte),
	}
}

func (u *unit) all(list []*analysis.Analyzer) {
	for _, a := range list {
		u.do(a)
	}
}

// do runs an analyzer after those that it requires.
func (u *unit) do(a *analysis.Analyzer) *action {
	if act, ok := u.acts[a]; ok {
		return act
	}
	act := new(action)
	u.acts[a] = act
	inputs := make(map[*analysis.Analyzer]any)
	for _, req := range a.Requires {
		in := u.do(req)
		if in.err != nil {
			act.err = fmt.Errorf("failed prerequisites: %s", req)
			return act
		}
		inputs[req] = in.result
	}
	act.result, act.err = u.call(a, inputs)
	if act.err != nil && u.failed == nil {
		u.failed = act.err
		if _, ok := act.err.(*crash); !ok {
			u.failed = fmt.Errorf("%s: %w", a.Name, act.err)
		}
	}
	return act
}

// A crash is a panic of an analyzer.
type crash struct{ cause any }

func (c *crash) Error() string { return fmt.Sprintf("panic: %v", c.cause) }

// call runs one analyzer. A panic costs the package, not the run.
func (u *unit) call(a *analysis.Analyzer, inputs map[*analysis.Analyzer]any) (result any, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = &crash{e}
		}
	}()
	pass := &analysis.Pass{
		Analyzer:          a,
		Fset:              u.fset,
		Files:             u.files,
		OtherFiles:        u.otherFiles(),
		IgnoredFiles:      u.node.absolute(u.node.IgnoredGoFiles),
		Pkg:               u.pkg,
		TypesInfo:         u.info,
		TypesSizes:        u.sizes,
		ResultOf:          inputs,
		Module:            u.module(),
		ReadFile:          u.r.g.unsaved.read,
		Report:            func(d analysis.Diagnostic) { u.diags = append(u.diags, u.diagnostic(a, d)) },
		ImportObjectFact:  u.importObjectFact,
		ImportPackageFact: u.importPackageFact,
		AllObjectFacts:    func() []analysis.ObjectFact { return u.allObjectFacts(a) },
		AllPackageFacts:   func() []analysis.PackageFact { return u.allPackageFacts(a) },
	}
	if u.tainted { // who asks what is missing finds a reason here
		pass.TypeErrors = []types.Error{{Fset: u.fset, Msg: "imports what does not compile", Soft: true}}
	}
	pass.ExportObjectFact = func(obj types.Object, f analysis.Fact) {
		if obj.Pkg() != u.pkg {
			panic(fmt.Sprintf("fact about %v, of another package", obj))
		}
		u.live[liveKey{obj, reflect.TypeOf(f)}] = f
		if path, ok := u.self.of(obj); ok {
			u.facts.export(factKey{typeName(f), path}, f)
		}
	}
	pass.ExportPackageFact = func(f analysis.Fact) {
		u.live[liveKey{nil, reflect.TypeOf(f)}] = f
		u.facts.export(factKey{Type: typeName(f)}, f)
	}
	return a.Run(pass)
}

func (n *node) absolute(names []string) []string {
	var list []string
	for _, name := range names {
		list = append(list, filepath.Join(n.Dir, name))
	}
	return list
}

func (u *unit) otherFiles() []string {
	return u.node.absolute(slices.Concat(u.node.CFiles, u.node.HFiles, u.node.SFiles))
}

func (u *unit) module() *analysis.Module {
	m := u.node.Module
	if m == nil {
		return nil
	}
	return &analysis.Module{Path: m.Path, Version: m.Version, GoVersion: m.GoVersion}
}
