package effects

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// full reports whether a condition asks if there is too much text in a buffer that lives on,
// as a field: most calls only add to it, and one now and then writes it all, which counts no
// more than under a bufio.Writer.
//
//	if len(c.buf) > c.maxPacket { c.flush() }
//
// What is collected in other slices is work to be done together, and the last to come does it.
func (p *pkg) full(cond ast.Expr) bool {
	c, ok := program.Condition(p.info, cond).(*ast.BinaryExpr)
	if !ok {
		return false
	}
	switch c.Op {
	case token.GTR, token.GEQ:
		return p.amount(c.X) && p.room(c.Y)
	case token.LSS, token.LEQ:
		return p.amount(c.Y) && p.room(c.X)
	}
	return false
}

// buffered are the methods that say how much there is in a buffer.
var buffered = []string{"(*bytes.Buffer).Len", "(*strings.Builder).Len", "(*bufio.Writer).Buffered"}

// amount reports whether e is, or adds something to, the length of the bytes in a field.
func (p *pkg) amount(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return e.Op == token.ADD && (p.amount(e.X) || p.amount(e.Y))
	case *ast.CallExpr:
		if p.prog.Builtin(e) == "len" {
			return p.isField(e.Args[0]) && isBytes(p.prog.TypeOf(e.Args[0]))
		}
		sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
		fn := p.calleeOf(e)
		return ok && fn != nil && p.isField(sel.X) && slices.Contains(buffered, fn.FullName())
	}
	return false
}

func (p *pkg) isField(e ast.Expr) bool {
	v := p.prog.Variable(e)
	return v != nil && v.IsField()
}

// room reports whether e may be how much a buffer takes: 0 asks whether there is anything.
func (p *pkg) room(e ast.Expr) bool {
	v := p.info.Types[e].Value
	return v == nil || constant.Sign(v) > 0
}

func isBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	b, ok := s.Elem().Underlying().(*types.Basic)
	return ok && b.Kind() == types.Byte
}
