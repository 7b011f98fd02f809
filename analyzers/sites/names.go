package sites

import (
	"go/ast"
	"go/types"
	"strconv"

	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// This file names literals as the compiler does, so that the frames of a
// profile can be found in the source: see closureName in
// cmd/compile/internal/ir. Names in inlined copies, which hold the names of all
// functions between, are not told here.

// A Literal is a function that the compiler makes of a part of another: a
// literal (F.func1, F.func1.2), the body of a range over a function (F-range1),
// or what carries the arguments of a go or defer statement (F.gowrap1).
type Literal struct {
	Name    string `json:"name"`
	Line    int    `json:"line"`
	EndLine int    `json:"endLine"`
}

// A scope counts the literals of one compiled function.
type scope struct {
	name                string
	literal             bool
	lits, ranges, wraps int
}

// lit names the next literal in the scope.
func (s *scope) lit() string {
	s.lits++
	if s.literal {
		return s.name + "." + strconv.Itoa(s.lits)
	}
	return s.name + ".func" + strconv.Itoa(s.lits)
}

// A namer walks one declaration. The body of a range over a function is a
// function of its own, but what it holds counts in the function around it.
type namer struct {
	l     *lister
	scope *scope
	list  []Literal
}

func (n *namer) add(name string, node ast.Node) {
	n.list = append(n.list, Literal{name, n.l.line(node.Pos()), n.l.line(node.End() - 1)})
}

func (n *namer) walk(root ast.Node) {
	ast.Inspect(root, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			name := n.scope.lit()
			n.add(name, node)
			outer := n.scope
			n.scope = &scope{name: name, literal: true}
			n.walk(node.Body)
			n.scope = outer
			return false
		case *ast.RangeStmt:
			if t := n.l.pass.TypesInfo.TypeOf(node.X); t != nil && overFunc(t) {
				n.walk(node.X)
				n.scope.ranges++
				n.add(n.scope.name+"-range"+strconv.Itoa(n.scope.ranges), node.Body)
				n.walk(node.Body)
				return false
			}
		case *ast.GoStmt:
			n.wrap("gowrap", node, node.Call)
		case *ast.DeferStmt:
			n.wrap("deferwrap", node, node.Call)
		}
		return true
	})
}

func overFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// wrap adds the function that calls what a go or defer statement names, which
// the compiler makes unless there is nothing to be carried along.
func (n *namer) wrap(word string, stmt ast.Node, call *ast.CallExpr) {
	if !n.l.carries(call) {
		return
	}
	n.scope.wraps++
	n.add(n.scope.name+"."+word+strconv.Itoa(n.scope.wraps), stmt)
}

// carries reports whether a call has a receiver, arguments, results or, being
// generic, a dictionary.
func (l *lister) carries(call *ast.CallExpr) bool {
	info := l.pass.TypesInfo
	fun := ast.Unparen(call.Fun)
	switch f := fun.(type) {
	case *ast.SelectorExpr:
		if s := info.Selections[f]; s != nil && s.Kind() == types.MethodVal {
			return true
		}
		if _, generic := info.Instances[f.Sel]; generic {
			return true
		}
	case *ast.Ident:
		if _, generic := info.Instances[f]; generic {
			return true
		}
	case *ast.IndexExpr, *ast.IndexListExpr:
		if _, isFunc := info.TypeOf(f.(ast.Expr)).(*types.Signature); isFunc && !info.Types[indexed(f)].IsValue() {
			return true
		}
		if t := info.TypeOf(indexed(f)); t != nil && overFunc(t) {
			return true // an explicit instance
		}
	}
	sig, ok := types.Unalias(info.TypeOf(fun)).Underlying().(*types.Signature)
	return !ok || sig.Params().Len()+sig.Results().Len() > 0
}

func indexed(e ast.Node) ast.Expr {
	if x, ok := e.(*ast.IndexExpr); ok {
		return x.X
	}
	return e.(*ast.IndexListExpr).X
}

// symbol is the compiler's name of a declared function without its package;
// nth counts the functions called init.
func symbol(d *ast.FuncDecl, nth int) string {
	name := d.Name.Name
	if d.Recv == nil || len(d.Recv.List) == 0 {
		switch {
		case name == "init":
			return "init." + strconv.Itoa(nth)
		case d.Type.TypeParams != nil:
			return name + "[...]"
		}
		return name
	}
	t := ast.Unparen(d.Recv.List[0].Type)
	p, pointer := t.(*ast.StarExpr)
	if pointer {
		t = ast.Unparen(p.X)
	}
	typ := ""
	switch x := t.(type) {
	case *ast.IndexExpr:
		typ = types.ExprString(x.X) + "[...]"
	case *ast.IndexListExpr:
		typ = types.ExprString(x.X) + "[...]"
	default:
		typ = types.ExprString(t)
	}
	if pointer {
		typ = "(*" + typ + ")"
	}
	return typ + "." + name
}

// literals returns the literals of every declared function, and by file those
// of package-level variables, which the compiler counts through the package.
func (l *lister) literals() (of map[*ast.FuncDecl][]Literal, initial map[*ast.File][]Literal) {
	of, initial = make(map[*ast.FuncDecl][]Literal), make(map[*ast.File][]Literal)
	vars := &scope{name: "init"}
	inits := 0
	for _, file := range settings.Files(l.pass) {
		for _, d := range file.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok {
				n := &namer{l: l, scope: vars}
				n.walk(d)
				initial[file] = append(initial[file], n.list...)
				continue
			}
			if fd.Body == nil {
				continue
			}
			n := &namer{l: l, scope: &scope{name: symbol(fd, inits)}}
			if report.FuncName(fd) == "init" {
				inits++
			}
			n.walk(fd.Body)
			of[fd] = n.list
		}
	}
	return of, initial
}
