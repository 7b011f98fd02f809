// Package program answers questions about the text of one package: what numbers
// its expressions may be, how often its loops run, where its values come from. It
// judges nothing and knows no rule.
//
// Nothing is worked out before it is asked for. A question about a local variable
// reads the declaration around it, one about a parameter, a field or a package
// variable reads the package, each once.
package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/objectpath"

	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// A Program is one type-checked package.
type Program struct {
	fset   *token.FileSet
	files  []*ast.File
	pkg    *types.Package
	info   *types.Info
	order  []placed // declarations of all files, by position; once asked for
	decls  map[ast.Decl]*index
	whole  *index
	funcs  map[*types.Func]*ast.FuncDecl
	takers map[*types.Func]bool // see mayTake
	flows  map[*ast.BlockStmt]*Flow
	known  map[question]Number
	held   map[token.Pos][]fact // see facts
	oneWay map[*types.Var]*bool // see always
	ends   map[*types.Func]bool // see Ends
	sized  map[*types.Func][]Sized
	holds  map[*types.Var][]Value // see Held

	aliases map[*types.Var]*types.Var // see MustAlias
	callees []*types.Func             // see Callees
	lent    map[string][]LentSize     // see LentAs
	paths   objectpath.Encoder

	handed    map[*types.TypeName]bool         // see handedOut
	converted map[*types.TypeName]*asInterface // see interfaces
	blind     bool                             // see constraints
	keyed     map[*ast.BlockStmt]*Keyed
	texts     map[*types.Var][]ast.Expr       // see textsOf
	rewritten map[*types.Var]bool             // see written
	testers   *[]*ast.FuncDecl                // see InTest; once asked for
	gauged    map[gauged][]opening            // see Opens
	stopped   map[*ast.BlockStmt][]*types.Var // see timersStopped

	// Whole says that the package will be read in any case: then no declaration of it
	// is read by itself as well.
	Whole bool

	// Base, Import and Exits know functions and variables of other packages:
	// libraries, and the rest of the module. Each may be nil.
	Base   *knowledge.Base
	Import func(types.Object, *Sizing) bool
	Exits  func(*types.Func) bool // whether it does not come back
	// Imported returns what the packages that this one imports say of variables of others; it
	// may be nil.
	Imported func() []LentSize
}

// New returns the program of one package.
func New(fset *token.FileSet, files []*ast.File, pkg *types.Package, info *types.Info) *Program {
	return &Program{fset: fset, files: files, pkg: pkg, info: info, decls: make(map[ast.Decl]*index), flows: make(map[*ast.BlockStmt]*Flow), oneWay: make(map[*types.Var]*bool),
		known: make(map[question]Number), held: make(map[token.Pos][]fact), ends: make(map[*types.Func]bool),
		sized: make(map[*types.Func][]Sized), holds: make(map[*types.Var][]Value), aliases: make(map[*types.Var]*types.Var),
		keyed: make(map[*ast.BlockStmt]*Keyed)}
}

// Files returns the syntax of the package without its tests.
func (p *Program) Files() []*ast.File {
	var list []*ast.File
	for _, f := range p.files {
		if !p.inTestFile(f.FileStart) {
			list = append(list, f)
		}
	}
	return list
}

// Types returns the types that the package declares at its top, by name. Aliases
// are left out, and what its tests declare: the go command hands a package over
// together with its tests, and their stand-ins say nothing of the program.
func (p *Program) Types() []*types.TypeName {
	var list []*types.TypeName
	scope := p.pkg.Scope()
	for _, name := range scope.Names() {
		if tn, ok := scope.Lookup(name).(*types.TypeName); ok && !tn.IsAlias() && !p.InTest(tn.Pos()) {
			list = append(list, tn)
		}
	}
	return list
}

// Package returns the types of the package.
func (p *Program) Package() *types.Package { return p.pkg }

// Info returns what the type checker knows of the syntax.
func (p *Program) Info() *types.Info { return p.info }

// A Scope says how far a question may look.
type Scope bool

// The scopes. What facts are made of looks at the declaration alone: it is asked
// for every function of every dependency.
const (
	Declaration Scope = false
	Package     Scope = true
)

// From reports whether a function, which may be nil, is of one of the packages.
func From(fn *types.Func, paths ...string) bool {
	return fn != nil && fn.Pkg() != nil && slices.Contains(paths, fn.Pkg().Path())
}

// Variable returns the variable or field that e names, or nil.
func (p *Program) Variable(e ast.Expr) *types.Var {
	if e == nil {
		return nil
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := p.info.Uses[e].(*types.Var)
		if !ok {
			v, _ = p.info.Defs[e].(*types.Var)
		}
		return v
	case *ast.SelectorExpr:
		if v, ok := p.info.Uses[e.Sel].(*types.Var); ok {
			return v.Origin()
		}
	}
	return nil
}

// Root returns the variable that a chain of fields starts with: s of s.pool.mu. An element
// of a collection has none.
func (p *Program) Root(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		if _, ok := p.info.Selections[e]; ok {
			return p.Root(e.X)
		}
		v, _ := p.info.Uses[e.Sel].(*types.Var)
		return v
	case *ast.UnaryExpr:
		return p.Root(e.X)
	case *ast.StarExpr:
		return p.Root(e.X)
	case *ast.Ident:
		return p.Variable(e)
	}
	return nil
}

// TypeOf returns the type of e, or nil. Most that are asked for are variables, whose
// objects are found by pointer: the map of types hashes interfaces, which costs more.
func (p *Program) TypeOf(e ast.Expr) types.Type {
	name, _ := e.(*ast.Ident)
	if s, ok := e.(*ast.SelectorExpr); ok {
		name = s.Sel
	}
	if name != nil {
		if v, ok := p.info.Uses[name].(*types.Var); ok {
			return v.Type()
		}
	}
	return p.info.TypeOf(e)
}

// A placed is a declaration, and whether it is one of a test.
type placed struct {
	ast.Decl
	test bool
}

// declaration returns the top-level declaration around pos, or nil.
func (p *Program) declaration(pos token.Pos) ast.Decl { return p.placed(pos).Decl }

func (p *Program) placed(pos token.Pos) placed {
	if p.order == nil {
		for _, f := range p.files {
			for _, d := range f.Decls {
				p.order = append(p.order, placed{d, p.InTest(d.Pos())})
			}
		}
		slices.SortFunc(p.order, func(a, b placed) int { return int(a.Pos() - b.Pos()) })
	}
	i, found := slices.BinarySearchFunc(p.order, pos, func(d placed, pos token.Pos) int { return int(d.Pos() - pos) })
	if !found {
		i--
	}
	if i < 0 || p.order[i].End() <= pos {
		return placed{}
	}
	return p.order[i]
}

// around returns the index of the declaration around pos. Unless it is one of a test,
// which everywhere leaves out, there need be no more in it than the numbers.
func (p *Program) around(pos token.Pos) nearby {
	d := p.placed(pos)
	if d.Decl == nil {
		return nearby{index: newNarrow()}
	}
	if !d.test && (p.Whole || p.whole != nil) {
		return nearby{p.everywhere(), d.Decl}
	}
	x := p.decls[d.Decl]
	if x == nil {
		x = newNarrow()
		if d.test {
			x = newIndex()
		}
		x.read(p, d.Decl)
		p.decls[d.Decl] = x
	}
	return nearby{x, d.Decl}
}

// A nearby is the part of an index that is about one declaration: of an index that
// holds others as well, what these say of fields and package variables is left out.
type nearby struct {
	*index
	in ast.Decl
}

// definitions returns those of a number, or of what has a number of elements.
func (n nearby) definitions(v *types.Var) []def {
	if !counts(v.Type()) {
		return nil
	}
	list := n.defs[v]
	if !v.IsField() && (v.Pkg() == nil || v.Parent() != v.Pkg().Scope()) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(d def) bool { return !contains(n.in, d.pos) })
}

// tested reports whether a condition looks at v.
func (n nearby) tested(v *types.Var) bool { return n.asked[look{v, n.in}] }

// everywhere returns the index of the package without its tests: what a test
// gives a function says nothing about what the program does.
func (p *Program) everywhere() *index {
	if p.whole != nil {
		return p.whole
	}
	p.whole = newIndex()
	p.whole.flows = make(map[*types.Var][]flow)
	p.whole.replacing = make(map[*ast.CompositeLit]bool)
	p.whole.dispatched = make(map[string][]*types.Func)
	p.whole.structs = true
	for _, f := range p.Files() {
		for _, d := range f.Decls {
			if !p.InTest(d.Pos()) {
				p.whole.read(p, d)
			}
		}
	}
	return p.whole
}

// Declaration returns the declaration of fn in this package, or nil.
func (p *Program) Declaration(fn *types.Func) *ast.FuncDecl {
	if fn == nil || fn.Pkg() != p.pkg {
		return nil
	}
	if p.funcs == nil {
		p.funcs = make(map[*types.Func]*ast.FuncDecl)
		for _, f := range p.files {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok {
					if obj, ok := p.info.Defs[d.Name].(*types.Func); ok {
						p.funcs[obj] = d
					}
				}
			}
		}
	}
	return p.funcs[fn.Origin()]
}

// Callee returns the declared function that a call names, or nil.
func (p *Program) Callee(c *ast.CallExpr) *types.Func {
	fn, _ := p.info.Uses[calledName(c)].(*types.Func)
	return fn
}

// calledName is the name that stands for what is called, without what qualifies it
// and without type arguments; nil where none does.
func calledName(c *ast.CallExpr) *ast.Ident {
	f := ast.Unparen(c.Fun)
	switch x := f.(type) {
	case *ast.IndexExpr:
		f = x.X
	case *ast.IndexListExpr:
		f = x.X
	}
	switch x := f.(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	}
	return nil
}

// MethodExpression reports whether a call is of a method whose receiver is its first argument.
func (p *Program) MethodExpression(c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	return ok && p.info.Selections[sel] != nil && p.info.Selections[sel].Kind() == types.MethodExpr
}

// Builtin returns the name of the built-in function that a call names, or "".
func (p *Program) Builtin(c *ast.CallExpr) string {
	if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok {
		if b, ok := p.info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// conversion returns what a call converts, or nil if it is none.
func (p *Program) conversion(c *ast.CallExpr) ast.Expr {
	if p.info.Types[c.Fun].IsType() && len(c.Args) == 1 {
		return c.Args[0]
	}
	return nil
}
