package driver

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

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
	live   map[liveKey]analysis.Fact // of this package, also those that nobody else can name
	acts   map[*analysis.Analyzer]*action
	diags  []Diagnostic
	reads  map[readKey][8]byte // facts of others that were asked for, with their hashes
	failed error
}

type liveKey struct {
	obj types.Object
	typ reflect.Type
}

// A readKey names a fact of another package.
type readKey struct {
	Package string
	factKey
}

type action struct {
	result any
	err    error
}

// parse reads the files of n. Syntax errors are the first result's error.
func parse(fset *token.FileSet, n *node) ([]*ast.File, error) {
	var files []*ast.File
	var first error
	for _, name := range n.files() {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil && first == nil {
			first = err
		}
		if f != nil {
			files = append(files, f)
		}
	}
	return files, first
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
		u.failed = fmt.Errorf("%s: %v", a.Name, act.err)
	}
	return act
}

// call runs one analyzer. A panic costs the package, not the run.
func (u *unit) call(a *analysis.Analyzer, inputs map[*analysis.Analyzer]any) (result any, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("internal error: %v", e)
		}
	}()
	pass := &analysis.Pass{
		Analyzer:          a,
		Fset:              u.fset,
		Files:             u.files,
		OtherFiles:        u.otherFiles(),
		IgnoredFiles:      u.absolute(u.node.IgnoredGoFiles),
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
		u.facts.export(obj, f)
	}
	pass.ExportPackageFact = func(f analysis.Fact) {
		u.live[liveKey{nil, reflect.TypeOf(f)}] = f
		u.facts.export(nil, f)
	}
	return a.Run(pass)
}

func (u *unit) absolute(names []string) []string {
	var list []string
	for _, n := range names {
		list = append(list, filepath.Join(u.node.Dir, n))
	}
	return list
}

func (u *unit) otherFiles() []string {
	return u.absolute(slices.Concat(u.node.CFiles, u.node.HFiles, u.node.SFiles))
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
	f := u.r.factsOf(obj.Pkg().Path())
	if f == nil {
		return false
	}
	path, ok := u.r.pathOf(f, obj)
	if !ok {
		return false
	}
	return u.load(obj.Pkg().Path(), f, factKey{typeName(into), path}, into)
}

func (u *unit) importPackageFact(pkg *types.Package, into analysis.Fact) bool {
	if pkg == u.pkg {
		return set(into, u.live[liveKey{nil, reflect.TypeOf(into)}])
	}
	if !u.direct(pkg.Path()) {
		return false
	}
	f := u.r.factsOf(pkg.Path())
	return f != nil && u.load(pkg.Path(), f, factKey{Type: typeName(into)}, into)
}

// load reads a fact of another package and remembers what was read.
func (u *unit) load(pkg string, f *facts, k factKey, into analysis.Fact) bool {
	u.reads[readKey{pkg, k}] = u.r.hashOf(pkg, f, k)
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
		f := u.r.factsOf(imp.Path())
		if f == nil {
			continue
		}
		for k := range f.Encoded {
			for _, t := range a.FactTypes {
				if typeName(t) != k.Type {
					continue
				}
				fact := reflect.New(reflect.TypeOf(t).Elem()).Interface().(analysis.Fact)
				if u.load(imp.Path(), f, k, fact) {
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
	p := u.fset.Position(pos)
	return Position{File: p.Filename, Line: p.Line, Column: p.Column}
}

// typeErrors is the first error of a package that does not compile, as people
// know it from the compiler.
func typeErrors(fset *token.FileSet, errs []error) string {
	text := errs[0].Error()
	if e, ok := errs[0].(types.Error); ok {
		text = fmt.Sprintf("%s: %s", fset.Position(e.Pos), e.Msg)
	}
	if n := len(errs) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more)", n)
	}
	return strings.TrimSpace(text)
}
