package sites

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/concurlint/concurlint/analyzers/classify"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// A placed function is one to be reported at a position.
type placed struct {
	at       token.Pos
	function *Function
}

// functions describes the declared functions, and for each file the literals of
// its package-level variables.
func (l *lister) functions() []placed {
	of, initial := l.literals()
	waits := make(map[*effects.Func][]Wait)
	for _, f := range l.fx.Funcs() {
		waits[f.Outer()] = append(waits[f.Outer()], l.waits(f)...)
	}
	var out []placed
	for _, f := range l.fx.Funcs() {
		if f.Decl == nil || !l.wanted(f.Decl.Pos()) {
			continue
		}
		out = append(out, placed{f.Decl.Name.Pos(), &Function{
			Package:  l.path(),
			File:     l.place(f.Decl.Pos()).File,
			Line:     l.line(f.Decl.Type.Func),
			EndLine:  l.line(f.Decl.End() - 1),
			Function: classify.Describe(l.pass, f),
			Literals: orEmpty(of[f.Decl]),
			Waits:    byLine(waits[f]),
		}})
	}
	for _, file := range settings.Files(l.pass) {
		if len(initial[file]) > 0 && l.wanted(file.Package) {
			out = append(out, l.initializers(file, initial[file], waits))
		}
	}
	return out
}

// initializers describes what the compiler makes of the literals in package-level
// variables of a file.
func (l *lister) initializers(file *ast.File, literals []Literal, waits map[*effects.Func][]Wait) placed {
	f := &Function{
		Package:  l.path(),
		File:     l.place(file.Package).File,
		Line:     literals[0].Line,
		Function: classify.Function{Function: "init", Class: "light", CPU: "light", Effects: []classify.Effect{}},
		Literals: literals,
	}
	for _, lit := range literals {
		f.EndLine = max(f.EndLine, lit.EndLine)
	}
	var list []Wait
	for g, w := range waits {
		if g.Lit != nil && file.FileStart <= g.Lit.Pos() && g.Lit.Pos() < file.FileEnd {
			list = append(list, w...)
		}
	}
	f.Waits = byLine(list)
	return placed{file.Package, f}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// byLine sorts the waits and keeps one of a line and kind.
func byLine(list []Wait) []Wait {
	slices.SortStableFunc(list, func(a, b Wait) int { return a.Line - b.Line })
	return orEmpty(slices.CompactFunc(list, func(a, b Wait) bool { return a == b }))
}
