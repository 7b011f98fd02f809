package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Semaphore reports whether a channel holds the places of a semaphore, given that it
// has room for several: what goes through it tells nothing, and somebody both takes a
// place and gives it back. Where one side only sends and the other only receives, it
// holds signals.
func (p *Program) Semaphore(ch ast.Expr) bool {
	if !p.tokens(ch) {
		return false
	}
	v := p.Variable(ch)
	x := p.everywhere()
	if _, ok := x.semaphores[v]; !ok {
		x.semaphores[v] = p.pairs(x.traffic[v])
	}
	return x.semaphores[v]
}

// pairs reports whether a function has both ends of a channel, itself or through
// the functions that it calls: acquire and release.
func (p *Program) pairs(t *traffic) bool {
	senders, receivers := p.touching(t.sentAt), p.touching(t.receivedAt)
	for d := range senders {
		if receivers[d] {
			return true
		}
	}
	return false
}

// touching returns the functions that have one of the places in them, and their
// callers.
func (p *Program) touching(at []token.Pos) map[*ast.FuncDecl]bool {
	found := make(map[*ast.FuncDecl]bool)
	for _, pos := range at {
		d, ok := p.declaration(pos).(*ast.FuncDecl)
		if !ok {
			continue
		}
		found[d] = true
		fn, _ := p.info.Defs[d.Name].(*types.Func)
		for _, c := range p.Calls(fn) {
			if caller, ok := p.declaration(c.Pos()).(*ast.FuncDecl); ok {
				found[caller] = true
			}
		}
	}
	return found
}

// Empty reports whether values of a type have no parts: what one tells is that it has come.
func Empty(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// Bare reports whether values of a type tell next to nothing, as tokens do: they are empty,
// or boolean.
func Bare(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool || Empty(t)
}
