package driver

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
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
	// A place in another package was reported, which may move without a change
	// of types or facts: the diagnostics are good for this run alone.
	foreign bool
}

type liveKey struct {
	obj types.Object
	typ reflect.Type
}

// A readKey names a fact of another package.
type readKey struct {
	Package string // id of an own package, or the import path of one outside
	Fact    factKey
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

// parse reads the files of n as far as it can.
func parse(fset *token.FileSet, n *node, mode parser.Mode) (files []*ast.File, errs []error) {
	for _, name := range n.files() {
		f, err := parser.ParseFile(fset, name, nil, mode|parser.SkipObjectResolution)
		if list, ok := err.(scanner.ErrorList); ok {
			for _, e := range list {
				errs = append(errs, e)
			}
		} else if err != nil {
			errs = append(errs, err)
		}
		if f != nil {
			files = append(files, f)
		}
	}
	return files, errs
}

func newInfo() *types.Info {
	return &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Instances:    make(map[*ast.Ident]types.Instance),
		Scopes:       make(map[ast.Node]*types.Scope),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		FileVersions: make(map[*ast.File]string),
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
		ReadFile:          os.ReadFile,
		Report:            func(d analysis.Diagnostic) { u.diags = append(u.diags, u.diagnostic(a, d)) },
		ImportObjectFact:  u.importObjectFact,
		ImportPackageFact: u.importPackageFact,
		AllObjectFacts:    func() []analysis.ObjectFact { return u.allObjectFacts(a) },
		AllPackageFacts:   func() []analysis.PackageFact { return u.allPackageFacts(a) },
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

func (u *unit) importObjectFact(obj types.Object, into analysis.Fact) bool {
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	if obj.Pkg() == u.pkg {
		return set(into, u.live[liveKey{obj, reflect.TypeOf(into)}])
	}
	// As under the go command: of packages that are not imported directly, only
	// methods and fields have facts.
	if obj.Parent() == obj.Pkg().Scope() && !u.direct(obj.Pkg().Path()) {
		if _, isType := obj.(*types.TypeName); !isType {
			return false
		}
	}
	id := u.r.idOf(obj.Pkg())
	f := u.r.factsOf(id)
	if f == nil {
		return false
	}
	path, ok := u.names.of(obj)
	return ok && u.load(id, f, factKey{typeName(into), path}, into)
}

func (u *unit) importPackageFact(pkg *types.Package, into analysis.Fact) bool {
	if pkg == u.pkg {
		return set(into, u.live[liveKey{nil, reflect.TypeOf(into)}])
	}
	if !u.direct(pkg.Path()) {
		return false
	}
	id := u.r.idOf(pkg)
	f := u.r.factsOf(id)
	return f != nil && u.load(id, f, factKey{Type: typeName(into)}, into)
}

// load reads a fact of another package and remembers what was read.
func (u *unit) load(id string, f *facts, k factKey, into analysis.Fact) bool {
	u.reads[readKey{id, k}], _ = u.r.hashOf(id, k)
	return f.load(k, into)
}

func set(into, fact analysis.Fact) bool {
	if fact == nil {
		return false
	}
	reflect.ValueOf(into).Elem().Set(reflect.ValueOf(fact).Elem())
	return true
}

func (u *unit) direct(path string) bool {
	return slices.ContainsFunc(u.node.imports, func(m *node) bool { return m.path() == path })
}

func (u *unit) allObjectFacts(a *analysis.Analyzer) []analysis.ObjectFact {
	var list []analysis.ObjectFact
	u.allFacts(a, func(pkg *types.Package, path objectpath.Path, f analysis.Fact) {
		if path == "" {
			return
		}
		if obj, err := objectpath.Object(pkg, path); err == nil {
			list = append(list, analysis.ObjectFact{Object: obj, Fact: f})
		}
	})
	for k, f := range u.live {
		if k.obj != nil && produces(a, f) {
			list = append(list, analysis.ObjectFact{Object: k.obj, Fact: f})
		}
	}
	return list
}

func (u *unit) allPackageFacts(a *analysis.Analyzer) []analysis.PackageFact {
	var list []analysis.PackageFact
	u.allFacts(a, func(pkg *types.Package, path objectpath.Path, f analysis.Fact) {
		if path == "" {
			list = append(list, analysis.PackageFact{Package: pkg, Fact: f})
		}
	})
	for k, f := range u.live {
		if k.obj == nil && produces(a, f) {
			list = append(list, analysis.PackageFact{Package: u.pkg, Fact: f})
		}
	}
	return list
}

// allFacts yields the facts of the direct imports that are of a's types, in no
// order.
func (u *unit) allFacts(a *analysis.Analyzer, yield func(*types.Package, objectpath.Path, analysis.Fact)) {
	for _, imp := range u.pkg.Imports() {
		id := u.r.idOf(imp)
		f := u.r.factsOf(id)
		if f == nil {
			continue
		}
		for k := range f.Encoded {
			for _, t := range a.FactTypes {
				if typeName(t) != k.Type {
					continue
				}
				fact := reflect.New(reflect.TypeOf(t).Elem()).Interface().(analysis.Fact)
				if u.load(id, f, k, fact) {
					yield(imp, k.Object, fact)
				}
			}
		}
	}
}

func produces(a *analysis.Analyzer, f analysis.Fact) bool {
	return slices.ContainsFunc(a.FactTypes, func(t analysis.Fact) bool { return reflect.TypeOf(t) == reflect.TypeOf(f) })
}

// diagnostic turns positions into places, which outlive the syntax.
func (u *unit) diagnostic(a *analysis.Analyzer, d analysis.Diagnostic) Diagnostic {
	end := d.End
	if !end.IsValid() {
		end = d.Pos
	}
	out := Diagnostic{
		Package:  u.node.path(),
		Analyzer: a.Name,
		Category: d.Category,
		URL:      d.URL,
		Pos:      u.place(d.Pos),
		End:      u.place(end),
		Message:  d.Message,
	}
	for _, r := range d.Related {
		out.Related = append(out.Related, Related{u.place(r.Pos), r.Message})
	}
	for _, f := range d.SuggestedFixes {
		fix := Fix{Message: f.Message}
		for _, e := range f.TextEdits {
			if !e.End.IsValid() {
				e.End = e.Pos
			}
			file := u.fset.File(e.Pos)
			fix.Edits = append(fix.Edits, Edit{File: file.Name(), Start: file.Offset(e.Pos), End: file.Offset(e.End), New: string(e.NewText)})
		}
		out.Fixes = append(out.Fixes, fix)
	}
	return out
}

func (u *unit) place(pos token.Pos) Position {
	if file := u.fset.File(pos); file != nil && !u.owns(file) {
		u.foreign = true
	}
	return position(u.fset, pos)
}

func (u *unit) owns(file *token.File) bool {
	return slices.ContainsFunc(u.files, func(f *ast.File) bool { return u.fset.File(f.FileStart) == file })
}
