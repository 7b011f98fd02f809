package lockio

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file reads what authors say of their locks.

// explained reports whether the lock is taken or declared with a comment that
// says which race it keeps away or how long it is held: its author knows what
// runs under it.
func (c *checker) explained(r *placement.Region) bool {
	if explains(c.commentAt(r.Acquire.Node.Pos())) {
		return true
	}
	return r.Lock != nil && strings.Contains(strings.ToLower(c.commentAt(r.Lock.Pos())), "serialize")
}

func explains(comment string) bool {
	comment = strings.ToLower(comment)
	return strings.Contains(comment, " race") || strings.Contains(comment, "serialize") || strings.Contains(comment, "held across") || strings.Contains(comment, "held while")
}

// commentAt returns the comment that ends on the line before pos, or stands
// behind it on its line.
func (c *checker) commentAt(pos token.Pos) string {
	for _, f := range c.pass.Files {
		if pos < f.FileStart || pos >= f.FileEnd {
			continue
		}
		line := c.pass.Fset.Position(pos).Line
		i, _ := slices.BinarySearchFunc(f.Comments, pos, func(g *ast.CommentGroup, pos token.Pos) int { return int(g.Pos() - pos) })
		if i < len(f.Comments) && c.pass.Fset.Position(f.Comments[i].Pos()).Line == line {
			return f.Comments[i].Text()
		}
		if i > 0 && c.pass.Fset.Position(f.Comments[i-1].End()).Line == line-1 {
			return f.Comments[i-1].Text()
		}
	}
	return ""
}
