package program

import (
	"go/ast"
	"go/types"
)

// size returns how many elements a collection has.
func (ev *evaluator) size(e ast.Expr) Number {
	if n, ok := arrayLen(ev.p.info.TypeOf(e)); ok {
		return Constant(float64(n))
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return Constant(float64(len(e.Elts)))
	case *ast.SliceExpr:
		return ev.sliced(e)
	case *ast.Ident:
		if ev.p.info.Types[e].IsNil() {
			return Constant(0)
		}
		return ev.named(e, true)
	case *ast.SelectorExpr:
		return ev.named(e, true)
	case *ast.CallExpr:
		return ev.made(e, 0)
	}
	return data()
}

// arrayLen returns the length of an array or of what points to one.
func arrayLen(t types.Type) (int64, bool) {
	if t == nil {
		return 0, false
	}
	u := t.Underlying()
	if ptr, ok := u.(*types.Pointer); ok {
		u = ptr.Elem().Underlying()
	}
	a, ok := u.(*types.Array)
	if !ok {
		return 0, false
	}
	return a.Len(), true
}

func (ev *evaluator) sliced(e *ast.SliceExpr) Number {
	n := ev.size(e.X)
	switch {
	case e.High == nil && e.Low == nil:
		return n
	case e.High == nil:
		n.Least = flat(0)
		return n
	case e.Low == nil:
		return n.Min(ev.number(e.High))
	}
	return n.Min(ev.difference(e.High, e.Low))
}

// made returns how many elements one result of a call has.
func (ev *evaluator) made(c *ast.CallExpr, result int) Number {
	if x := ev.p.conversion(c); x != nil {
		return ev.size(x)
	}
	switch ev.p.Builtin(c) {
	case "append":
		n := ev.size(c.Args[0])
		if c.Ellipsis.IsValid() {
			return n.Add(ev.size(c.Args[1]))
		}
		return n.Add(Constant(float64(len(c.Args) - 1)))
	case "make":
		if len(c.Args) < 2 || isMap(ev.p.info.TypeOf(c)) {
			return Constant(0)
		}
		return ev.number(c.Args[1])
	}
	fn := ev.p.Callee(c)
	if fn == nil {
		return data()
	}
	if i, ok := atMost[fn.FullName()]; ok && i < len(c.Args) {
		if n := ev.number(c.Args[i]); n.Least[0] > 0 { // a negative one means no limit
			n.Least = flat(0)
			return n
		}
	}
	if d := ev.p.Declaration(fn); d != nil && d.Body != nil {
		return ev.results(fn, d, c, result, (*evaluator).size, data())
	}
	if result == 0 {
		return ev.cutBy(fn, c)
	}
	return data()
}

// atMost are functions that return no more elements than an argument says.
var atMost = map[string]int{
	"strings.SplitN":           2,
	"strings.SplitAfterN":      2,
	"bytes.SplitN":             2,
	"bytes.SplitAfterN":        2,
	"(*os.File).ReadDir":       0,
	"(*os.File).Readdir":       0,
	"(*os.File).Readdirnames":  0,
	"(*regexp.Regexp).Split":   1,
	"(*regexp.Regexp).FindAll": 1,
}
