package program

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// This file and alias.go answer which value an expression stands for, and so whether two
// are one. Each question follows variables to what they are set to; they differ in what must
// not go wrong:
//
//   - Path: in one chain of calls, two equal paths are one value (must alias);
//   - MustAlias: in all runs, two equal names are one value. It takes the fields of all values
//     of a type for one: it is field-based;
//   - MayAlias: of two values that do not Meet nothing in the package says that they are one.
//     It is field-based as well.

// An AccessPath is a variable, and the fields by which a value is reached from it: c.log.mu
// has the root c and the fields log and mu. Pointers on the way are not written down.
//
// As long as nobody sets one of the fields anew, equal paths of one frame are one value: the
// root, and each variable that has been followed to it, is set where it is declared and
// by none of the functions at hand.
type AccessPath struct {
	Root   *types.Var
	Fields []*types.Var
}

// Is reports whether two paths are the same.
func (a AccessPath) Is(b AccessPath) bool {
	return a.Root == b.Root && slices.Equal(a.Fields, b.Fields)
}

// key is the same for paths that are, and for no others.
func (a AccessPath) key() string {
	key := fmt.Sprintf("%p", a.Root)
	for _, f := range a.Fields {
		key += fmt.Sprintf(" %p", f)
	}
	return key
}

// Last returns the variable or field to which the path leads.
func (a AccessPath) Last() *types.Var {
	if n := len(a.Fields); n > 0 {
		return a.Fields[n-1]
	}
	return a.Root
}

// Keeper returns the named struct of which the path leads to a field, or nil.
func (a AccessPath) Keeper() *types.TypeName {
	if n := len(a.Fields); n > 0 {
		a.Fields = a.Fields[:n-1]
		if named := NamedOf(a.Last().Type()); named != nil {
			return named.Obj()
		}
	}
	return nil
}

// through returns the path of the field that is selected, or of the receiver of the method;
// embedded fields count.
func (a AccessPath) through(s *types.Selection) (AccessPath, bool) {
	index, t := s.Index(), s.Recv()
	if s.Kind() == types.MethodVal {
		index = index[:len(index)-1]
	}
	a.Fields = slices.Clip(a.Fields)
	for _, i := range index {
		if ptr, ok := t.Underlying().(*types.Pointer); ok {
			t = ptr.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return AccessPath{}, false
		}
		a.Fields, t = append(a.Fields, st.Field(i).Origin()), st.Field(i).Type()
	}
	return a, true
}

// A Frame is a function at work: the outermost one has no Up. Call is where Up calls it,
// nil if somebody does to whom Up has given the function, with arguments of his own; given
// as a method value, Method is that. On is what somebody calls a method on who has been given
// the value.
type Frame struct {
	In     ast.Node // *ast.FuncDecl or *ast.FuncLit
	Call   *ast.CallExpr
	Method *ast.SelectorExpr
	On     ast.Expr
	Up     *Frame
}

// Path returns the access path of x in a frame, as the outermost one sees it. It goes
// through local copies, parameters, receivers and the variables of functions around
// literals. Of a method it is the path of what that is called on. What a call returns, and
// an element, has none.
func (p *Program) Path(at *Frame, x ast.Expr) (AccessPath, bool) {
	switch x := located(x).(type) {
	case *ast.Ident:
		if v := p.Variable(x); v != nil {
			return p.root(at, v)
		}
	case *ast.SelectorExpr:
		s := p.info.Selections[x]
		if s == nil { // of another package
			v := p.Variable(x)
			return AccessPath{Root: v}, v != nil
		}
		if a, ok := p.Path(at, x.X); ok && s.Kind() != types.MethodExpr {
			return a.through(s)
		}
	}
	return AccessPath{}, false
}

// Receiver returns the variable or field that a method is called on, also an embedded one;
// nil where it has no name, as an element of a map.
func (p *Program) Receiver(call *ast.CallExpr) *types.Var {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	s := p.info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal { // of a method expression it is an argument
		return nil
	}
	a, _ := AccessPath{Root: p.Variable(located(sel.X))}.through(s)
	return a.Last()
}

func (p *Program) root(at *Frame, v *types.Var) (AccessPath, bool) {
	if p.resets(at, v) {
		return AccessPath{}, false
	}
	if v.Parent() == v.Pkg().Scope() {
		// Whatever is called meanwhile may set it.
		return AccessPath{Root: v}, !slices.ContainsFunc(p.everywhere().flows[v], flow.sets)
	}
	if a, ok := p.copied(at, v); ok {
		return a, true
	}
	if at.Up == nil {
		return AccessPath{Root: v}, true
	}
	switch in, _, i := p.parameter(v); {
	case !contains(at.In, v.Pos()) && contains(at.Up.In, at.In.Pos()):
		return p.root(at.Up, v)
	case in == at.In && i < 0 && at.Method != nil:
		return p.Path(at.Up, at.Method)
	case in == at.In && i < 0 && at.On != nil:
		return p.Path(at.Up, at.On)
	case in != at.In || at.Call == nil || i < 0 && p.Callee(at.Call) == nil:
		return AccessPath{}, false
	case i < 0:
		return p.Path(at.Up, at.Call.Fun)
	case i < len(at.Call.Args) && sameView(p.info.TypeOf(at.Call.Args[i]), v.Type()):
		return p.Path(at.Up, at.Call.Args[i])
	}
	return AccessPath{}, false // one of several, or another view of the value: an interface
}

// sameView reports whether a parameter is what it is given under a new name, and no interface
// that holds it. That a channel is for one direction alone changes nothing.
func sameView(given, param types.Type) bool {
	return types.Identical(given, param) || given != nil && isChan(given) && isChan(param)
}

// resets reports whether one of the functions at hand sets a variable that has been
// declared before.
func (p *Program) resets(at *Frame, v *types.Var) bool {
	for ; at != nil; at = at.Up {
		d := p.declaration(at.In.Pos())
		if slices.ContainsFunc(p.everywhere().flows[v], func(f flow) bool { return f.sets() && contains(d, f.value.Pos()) }) {
			return true
		}
	}
	return false
}

// copied returns the path of the value that a local variable is declared with, if that is a
// reference and is reached by fields that are set where their structs are made. A copy of
// anything else lives on its own.
func (p *Program) copied(at *Frame, v *types.Var) (AccessPath, bool) {
	all := p.everywhere().flows
	if _, ok := v.Type().Underlying().(*types.Pointer); !ok || len(all[v]) != 1 || all[v][0].how != assigned || all[v][0].sets() {
		return AccessPath{}, false
	}
	a, ok := p.Path(at, all[v][0].value)
	return a, ok && !slices.ContainsFunc(a.Fields, func(field *types.Var) bool { return slices.ContainsFunc(all[field], flow.sets) })
}

// located leaves out what only takes the address of a variable, or goes to it.
func located(x ast.Expr) ast.Expr {
	for {
		switch y := ast.Unparen(x).(type) {
		case *ast.StarExpr:
			x = y.X
		case *ast.UnaryExpr:
			if y.Op != token.AND {
				return y
			}
			x = y.X
		default:
			return y
		}
	}
}
