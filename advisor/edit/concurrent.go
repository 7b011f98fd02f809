package edit

import (
	"bytes"
	"go/ast"
	"go/token"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

const errgroupPath = "golang.org/x/sync/errgroup"

// write makes the loop concurrent: with an errgroup where iterations fail and the
// module has the package, with the standard library alone otherwise.
func (r *rewrite) write() error {
	if len(r.results) > 0 {
		r.notes = append(r.notes,
			"the error that is returned is the first in time, not the first in order, and iterations after it are still begun")
	}
	for n := range ast.Preorder(r.body) {
		if call, ok := n.(*ast.CallExpr); ok && r.isForeign(call) {
			r.notes = append(r.notes, "what the loop calls in other packages, such as "+r.textOf(call.Fun)+", has to bear calls at once")
			break
		}
	}
	if err := r.extend(); err != nil {
		return err
	}
	n, err := r.size(r.loop.Pos())
	if err != nil {
		return err
	}
	if len(r.results) > 0 && r.hasErrgroup() {
		err = r.writeErrgroup(n)
	} else {
		err = r.writeWaitGroup(n)
	}
	if err != nil {
		return err
	}
	r.indentBody()
	return nil
}

// isForeign reports whether a call leaves the package: to a method of a value
// whose type is not known here, or a function of another package.
func (r *rewrite) isForeign(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && r.object(sel.Sel) == nil
}

// hasErrgroup reports whether the module itself uses golang.org/x/sync, so that
// the edit adds no dependency.
func (r *rewrite) hasErrgroup() bool {
	for _, f := range r.files {
		for _, imp := range f.ast.Imports {
			if imp.Path.Value == `"`+errgroupPath+`"` {
				return true
			}
		}
	}
	if r.mod != nil {
		for _, req := range r.mod.Require {
			if req.Mod.Path == "golang.org/x/sync" && !req.Indirect {
				return true
			}
		}
	}
	return false
}

func (r *rewrite) writeErrgroup(n string) error {
	pkg, err := r.use(errgroupPath, r.loop.Pos())
	if err != nil {
		return err
	}
	g := r.fresh(r.fn, "g", "group", "tasks")
	r.before(r.loop, "var "+g+" "+pkg+".Group", g+".SetLimit("+n+")")
	r.enter(g + ".Go(func() error {")
	for _, c := range r.skips {
		r.replace(c.Pos(), c.End(), "return nil")
	}
	for _, ret := range r.results {
		last := ret.Results[len(ret.Results)-1]
		r.replace(ret.Results[0].Pos(), last.Pos(), "")
	}
	r.leave("\treturn nil", "})")
	zeros := r.zeros(r.results[0])
	r.after(r.loop, "if err := "+g+".Wait(); err != nil {", "\treturn "+zeros+"err", "}")
	return nil
}

func (r *rewrite) writeWaitGroup(n string) error {
	pkg, err := r.use("sync", r.loop.Pos())
	if err != nil {
		return err
	}
	wg := r.fresh(r.fn, "wg", "tasks")
	sem := r.fresh(r.fn, "sem", "places", "inFlight")
	head := []string{"var " + wg + " " + pkg + ".WaitGroup", sem + " := make(chan struct{}, " + n + ")"}
	once, failed := r.fresh(r.fn, "once", "first"), r.fresh(r.fn, "failed", "firstErr")
	if len(r.results) > 0 {
		head = append(head, "var "+once+" "+pkg+".Once", "var "+failed+" error")
	}
	r.before(r.loop, head...)
	// WaitGroup.Go came with Go 1.25.
	if r.atLeast(25) {
		r.enter(sem+" <- struct{}{}", wg+".Go(func() {", "\tdefer func() { <-"+sem+" }()")
	} else {
		r.enter(sem+" <- struct{}{}", wg+".Add(1)", "go func() {", "\tdefer func() { <-"+sem+" }()", "\tdefer "+wg+".Done()")
	}
	for _, c := range r.skips {
		r.replace(c.Pos(), c.End(), "return")
	}
	for _, ret := range r.results {
		last := ret.Results[len(ret.Results)-1]
		r.replace(ret.Pos(), last.Pos(), once+".Do(func() { "+failed+" = ")
		r.replace(last.End(), last.End(), " })\n\t"+r.indentOf(ret.Pos())+"return")
	}
	if r.atLeast(25) {
		r.leave("})")
	} else {
		r.leave("}()")
	}
	tail := []string{wg + ".Wait()"}
	if len(r.results) > 0 {
		tail = append(tail, "if "+failed+" != nil {", "\treturn "+r.zeros(r.results[0])+failed, "}")
	}
	r.after(r.loop, tail...)
	return nil
}

// enter begins the task. Before Go 1.22 all iterations share the loop's
// variables, so that each needs its own copy.
func (r *rewrite) enter(lines ...string) {
	if !r.atLeast(22) {
		var names []string
		ast.Inspect(r.loop, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && r.vars[r.info.Defs[id]] {
				names = append(names, id.Name)
			}
			return n != ast.Node(r.body)
		})
		if r.append_ != nil && r.index == nil {
			names = append(names, r.indexName())
		}
		if len(names) > 0 {
			list := strings.Join(names, ", ")
			lines = append([]string{list + " := " + list}, lines...)
		}
	}
	indent := "\n" + r.indentOf(r.loop.Pos()) + "\t"
	at := r.lineEnd(r.body.Lbrace)
	r.replace(at, at, indent+strings.Join(lines, indent))
}

// leave ends the task, on lines before the loop's closing brace.
func (r *rewrite) leave(lines ...string) {
	indent := "\n" + r.indentOf(r.loop.Pos())
	text := "\t" + strings.Join(lines, indent+"\t") + indent
	r.replace(r.body.Rbrace, r.body.Rbrace, text)
}

// indentBody moves the lines of the body one to the right, but not the inside of
// raw strings and block comments.
func (r *rewrite) indentBody() {
	f := r.files[r.name]
	fixed := make(map[int]bool) // lines that begin inside of a token
	mark := func(from, to token.Pos) {
		for l := r.line(from) + 1; l <= r.line(to); l++ {
			fixed[l] = true
		}
	}
	for n := range ast.Preorder(r.body) {
		if lit, ok := n.(*ast.BasicLit); ok {
			mark(lit.Pos(), lit.End())
		}
	}
	for _, group := range r.file.Comments {
		for _, c := range group.List {
			mark(c.Pos(), c.End())
		}
	}
	lines := r.fset.File(r.body.Pos())
	for l := r.line(r.body.Lbrace) + 1; l < r.line(r.body.Rbrace); l++ {
		off := r.offset(lines.LineStart(l))
		if fixed[l] || f.text[off] == '\n' || bytes.HasPrefix(f.text[off:], []byte("\r\n")) {
			continue
		}
		f.edits = append(f.edits, udiff.Edit{Start: off, End: off, New: "\t"})
	}
}
