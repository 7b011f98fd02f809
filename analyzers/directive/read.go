package directive

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Rules are the rules an ignore directive may name.
var Rules = []string{"blockloop", "fanout", "poolfit", "lockio", "contract"}

// Kinds are the effect kinds a blocking directive may name.
var Kinds = []string{"net", "file", "proc", "cgo", "sleep", "chan", "wait", "lock"}

type reader struct {
	pass  *analysis.Pass
	set   *Set
	file  *ast.File
	marks map[*ast.Comment]bool // comments that sit where a mark belongs
}

// readMarks visits the places where a mark may stand: function declarations,
// interface methods, and func-typed parameters of both.
func (r *reader) readMarks() {
	ast.Inspect(r.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if fn, ok := r.pass.TypesInfo.Defs[n.Name].(*types.Func); ok {
				r.funcMarks(fn, n.Doc)
				r.paramMarks(fn, n.Type)
			}
		case *ast.InterfaceType:
			for _, m := range n.Methods.List {
				r.methodMarks(m)
			}
		}
		return true
	})
}

func (r *reader) methodMarks(f *ast.Field) {
	for _, name := range f.Names {
		fn, ok := r.pass.TypesInfo.Defs[name].(*types.Func)
		if !ok {
			continue
		}
		r.funcMarks(fn, f.Doc)
		r.funcMarks(fn, f.Comment)
		if t, ok := f.Type.(*ast.FuncType); ok {
			r.paramMarks(fn, t)
		}
	}
}

func (r *reader) funcMarks(fn *types.Func, g *ast.CommentGroup) {
	for c, words := range r.markComments(g) {
		m := r.set.Marks[fn]
		if m == nil {
			m = &Mark{Pos: c.Pos()}
			r.set.Marks[fn] = m
		}
		r.mark(m, c, words)
	}
}

// paramMarks matches comments inside a parameter list with the parameter of
// the same line, or of the line below: go/ast attaches no comments to parameters.
func (r *reader) paramMarks(fn *types.Func, t *ast.FuncType) {
	line := func(p token.Pos) int { return r.pass.Fset.Position(p).Line }
	for _, g := range r.file.Comments {
		if g.Pos() < t.Params.Pos() || g.End() > t.Params.End() {
			continue
		}
		// On the parameter's own line first: the comment after one parameter
		// is on the line above the next.
		for _, d := range []int{0, 1} {
			if n, ok := paramAt(t, func(f *ast.Field) bool { return line(f.Pos())-line(g.End()) == d }); ok {
				r.paramMark(fn, n, g)
				break
			}
		}
	}
}

// paramAt returns the position of the first parameter of the first field that
// is wanted.
func paramAt(t *ast.FuncType, want func(*ast.Field) bool) (n int, ok bool) {
	for _, f := range t.Params.List {
		if want(f) {
			return n, true
		}
		n += max(1, len(f.Names))
	}
	return 0, false
}

func (r *reader) paramMark(fn *types.Func, n int, g *ast.CommentGroup) {
	if _, ok := fn.Signature().Params().At(n).Type().Underlying().(*types.Signature); !ok {
		return
	}
	for c, words := range r.markComments(g) {
		if words[0] != "nonblocking" && words[0] != "offload" {
			delete(r.marks, c)
			continue
		}
		d := &Param{Func: fn, N: n, Mark: Mark{Pos: c.Pos()}}
		r.mark(&d.Mark, c, words)
		r.set.Params = append(r.set.Params, d)
	}
}

// markComments yields the directives of a group other than ignore, and notes
// that they stand where a mark belongs.
func (r *reader) markComments(g *ast.CommentGroup) iter.Seq2[*ast.Comment, []string] {
	return func(yield func(*ast.Comment, []string) bool) {
		if g == nil {
			return
		}
		for _, c := range g.List {
			words, ok := directiveWords(c.Text)
			if !ok || words[0] == "ignore" {
				continue
			}
			r.marks[c] = true
			if !yield(c, words) {
				return
			}
		}
	}
}

func directiveWords(text string) ([]string, bool) {
	rest, ok := strings.CutPrefix(text, prefix)
	if !ok {
		return nil, false
	}
	words := strings.Fields(rest)
	return words, len(words) > 0
}

func (r *reader) mark(m *Mark, c *ast.Comment, words []string) {
	switch words[0] {
	case "nonblocking":
		m.NonBlocking = true
	case "offload":
		m.Offload = true
	case "cpu":
		m.CPU = true
	case "blocking":
		for _, k := range words[1:] {
			if !slices.Contains(Kinds, k) {
				r.problem(c, "unknown effect kind %q, want one of %s", k, strings.Join(Kinds, ", "))
				return
			}
		}
		if len(words) == 1 {
			r.problem(c, "directive blocking names no effect kind, want one of %s", strings.Join(Kinds, ", "))
			return
		}
		m.Blocking = append(m.Blocking, words[1:]...)
	default:
		r.problem(c, "unknown directive %q, want nonblocking, blocking, cpu, offload or ignore", words[0])
	}
}

func (r *reader) problem(c *ast.Comment, format string, args ...any) {
	r.set.Problems = append(r.set.Problems, Problem{c.Pos(), c.End(), fmt.Sprintf(format, args...)})
}

// comment reads one found comment that is an ignore, a nolint, or out of place.
func (r *reader) comment(c *ast.Comment) {
	if nolint(c.Text) {
		_, reason, _ := strings.Cut(c.Text, " ")
		r.ignore(c, &Ignore{Reason: nolintReason(reason), Nolint: true})
		return
	}
	words, ok := directiveWords(c.Text)
	switch {
	case !ok:
		r.problem(c, "directive without a name, want nonblocking, blocking, cpu, offload or ignore")
	case words[0] == "ignore":
		r.readIgnore(c, words[1:])
	case !r.marks[c]:
		if !slices.Contains([]string{"nonblocking", "offload", "cpu", "blocking"}, words[0]) {
			r.mark(&Mark{}, c, words) // an unknown word: say so
			return
		}
		r.problem(c, "directive %s has no effect here: it belongs to a function, an interface method or a func-typed parameter", words[0])
	}
}

func (r *reader) readIgnore(c *ast.Comment, words []string) {
	if len(words) == 0 {
		r.problem(c, "directive ignore names no rule and no reason")
		return
	}
	rules := strings.Split(words[0], ",")
	for _, rule := range rules {
		if !slices.Contains(Rules, rule) {
			r.problem(c, "directive ignore names the unknown rule %q, want one of %s", rule, strings.Join(Rules, ", "))
			return
		}
	}
	if len(words) == 1 {
		r.problem(c, "directive ignore %s gives no reason", words[0])
	}
	r.ignore(c, &Ignore{Rules: rules, Reason: strings.Join(words[1:], " ")})
}

// nolintReason is the text behind a nolint comment's names, which people set off
// by another pair of slashes.
func nolintReason(text string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "//"))
}

// ignore places an Ignore for the comment. After code it covers its line; above a
// function, the function; above any other statement or declaration, that one.
func (r *reader) ignore(c *ast.Comment, ig *Ignore) {
	at := r.pass.Fset.Position(c.Pos())
	ig.Pos, ig.End, ig.From, ig.To = c.Pos(), c.End(), at.Line, at.Line
	if n := r.below(c, at.Line); n != nil {
		ig.To = r.pass.Fset.Position(n.End()).Line
	}
	r.set.ignores[at.Filename] = append(r.set.ignores[at.Filename], ig)
}

// below returns the outermost statement or declaration that starts on the line
// after the comment's, or nil where the comment follows code.
func (r *reader) below(c *ast.Comment, line int) (found ast.Node) {
	group := line
	for _, g := range r.file.Comments {
		if g.Pos() <= c.Pos() && c.End() <= g.End() {
			group = r.pass.Fset.Position(g.End()).Line
		}
	}
	ast.Inspect(r.file, func(n ast.Node) bool {
		if n == nil || found != nil || n.End() < c.Pos() {
			return false
		}
		switch n.(type) {
		case ast.Stmt, ast.Decl:
			if n.Pos() > c.End() && r.pass.Fset.Position(n.Pos()).Line == group+1 {
				found = n
			}
			if n.Pos() < c.Pos() && r.pass.Fset.Position(n.Pos()).Line == line {
				return false // the comment ends this statement's line
			}
		}
		return found == nil
	})
	return found
}
