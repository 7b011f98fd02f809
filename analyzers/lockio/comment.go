package lockio

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// This file reads what authors say of their locks.

// explained reports whether the lock is taken or declared with a comment that
// says which race it keeps away or how long it is held: its author knows what
// runs under it.
func (c *checker) explained(r *placement.Region) bool {
	if says(c.commentAt(r.Acquire.Node.Pos()), " race", "serialize", "held across", "held while") {
		return true
	}
	return r.Lock != nil && says(c.commentAt(r.Lock.Pos()), "serialize", "only one ", "one at a time", "locked` suffix")
}

// keepsHold reports whether a comment at the op, or in the few lines behind it,
// says that the lock is still held there.
func (c *checker) keepsHold(op *effects.Op) bool {
	f := c.fileAt(op.Node.Pos())
	if f == nil {
		return false
	}
	from, to := c.line(op.Node.Pos())-remarkBefore, c.line(op.Node.End())+remarkBehind
	for i := firstComment(f, op.Node.Pos()); i < len(f.Comments); i++ {
		line := c.line(f.Comments[i].Pos())
		if line > to {
			return false
		}
		if line >= from && says(f.Comments[i].Text(), "hold the lock", "holding the lock", "hold on to the lock", "keep the lock", "with the lock held") {
			return true
		}
	}
	return false
}

// How many lines before and behind an op a remark on it may stand.
const (
	remarkBefore = 3
	remarkBehind = 3
)

// says reports whether the comment contains one of the phrases.
func says(comment string, phrases ...string) bool {
	comment = strings.ToLower(comment)
	return slices.ContainsFunc(phrases, func(s string) bool { return strings.Contains(comment, s) })
}

func (c *checker) line(pos token.Pos) int { return c.pass.Fset.Position(pos).Line }

func (c *checker) fileAt(pos token.Pos) *ast.File {
	for _, f := range settings.Files(c.pass) {
		if f.FileStart <= pos && pos < f.FileEnd {
			return f
		}
	}
	return nil
}

// firstComment is the index of the last comment before pos, or 0.
func firstComment(f *ast.File, pos token.Pos) int {
	i, _ := slices.BinarySearchFunc(f.Comments, pos, func(g *ast.CommentGroup, pos token.Pos) int { return int(g.Pos() - pos) })
	return max(i-1, 0)
}

// commentAt returns the comment that ends on the line before pos, or stands
// behind it on its line.
func (c *checker) commentAt(pos token.Pos) string {
	f := c.fileAt(pos)
	if f == nil {
		return ""
	}
	line := c.line(pos)
	for _, g := range f.Comments[min(firstComment(f, pos), len(f.Comments)):] {
		switch {
		case c.line(g.End()) == line-1 && g.Pos() < pos, c.line(g.Pos()) == line && g.Pos() > pos:
			return g.Text()
		case c.line(g.Pos()) > line:
			return ""
		}
	}
	return ""
}
