package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// actions are what can be done about the findings on these lines. In text that has
// not been checked yet there are none: the places are those of other text.
func (s *server) actions(p lsp.ActionParams) ([]lsp.CodeAction, error) {
	list := []lsp.CodeAction{}
	file := lsp.File(p.TextDocument.URI)
	text, ok := s.text(file)
	c := s.checked(file)
	wanted := len(p.Context.Only) == 0 || slices.Contains(p.Context.Only, lsp.QuickFix)
	if !ok || c == nil || !wanted || c.text.String() != text.String() {
		return list, nil
	}
	for i, f := range c.findings {
		d := c.diagnostics[i]
		if !d.Range.Touches(p.Range) {
			continue
		}
		about := []lsp.Diagnostic{d}
		for _, fix := range f.Fixes {
			if edit, ok := s.edit(fix); ok {
				list = append(list, lsp.CodeAction{Title: fix.Message, Kind: lsp.QuickFix, Diagnostics: about, IsPreferred: true, Edit: edit})
			}
		}
		if edit, ok := s.ignore(file, text, f); ok {
			list = append(list, lsp.CodeAction{Title: "Ignore " + f.Rule + " here, for a reason", Kind: lsp.QuickFix, Diagnostics: about, Edit: edit})
		}
	}
	return list, nil
}

// edit is the fix, if all of the files are as they were.
func (s *server) edit(fix finding.Fix) (lsp.WorkspaceEdit, bool) {
	changes := make(map[string][]lsp.TextEdit)
	for name, edits := range byFile(fix.Edits) {
		file := absolute(name)
		text, ok := s.text(file)
		c := s.checked(file)
		if !ok || c == nil || c.text.String() != text.String() {
			return lsp.WorkspaceEdit{}, false
		}
		fixed, err := edited(text.String(), edits)
		if err != nil {
			return lsp.WorkspaceEdit{}, false
		}
		for _, e := range udiff.Lines(text.String(), fixed) {
			changes[file] = append(changes[file], lsp.TextEdit{
				Range:   lsp.Range{Start: text.AtOffset(s.encoding, e.Start), End: text.AtOffset(s.encoding, e.End)},
				NewText: &e.New,
			})
		}
	}
	return s.workspaceEdit(changes), len(changes) > 0
}

func (s *server) workspaceEdit(edits map[string][]lsp.TextEdit) (out lsp.WorkspaceEdit) {
	for file, list := range edits {
		if !s.client.Workspace.WorkspaceEdit.DocumentChanges {
			if out.Changes == nil {
				out.Changes = make(map[string][]lsp.TextEdit)
			}
			out.Changes[s.uri(file)] = list
			continue
		}
		s.mu.Lock()
		version := s.documents[file].Version
		s.mu.Unlock()
		out.DocumentChanges = append(out.DocumentChanges, lsp.DocumentEdit{TextDocument: lsp.VersionedDocument{URI: s.uri(file), Version: version}, Edits: list})
	}
	return out
}

// reason is where the user writes in editors that know snippets. Others get none,
// and rule contract asks for it.
const reason = "${1:reason}"

// ignore adds a directive: above the statement that begins on the finding's line,
// or behind the code where none does. A directive itself is not to be ignored.
func (s *server) ignore(file string, text *lsp.Text, f finding.Finding) (lsp.WorkspaceEdit, bool) {
	line := text.Line(f.Line - 1)
	code := strings.TrimLeft(line, " \t")
	if strings.HasPrefix(code, "//") {
		return lsp.WorkspaceEdit{}, false
	}
	directive := "//concurlint:ignore " + f.Rule + " "
	snippets := s.client.Workspace.WorkspaceEdit.SnippetEditSupport && s.client.Workspace.WorkspaceEdit.DocumentChanges
	if snippets {
		directive += reason
	}
	column := len(line) - len(code) + 1
	switch above, below := begins(file, text, f.Line); {
	case above:
		directive += "\n" + line[:column-1]
	case below:
		directive, column = " "+directive, len(line)+1
	default:
		return lsp.WorkspaceEdit{}, false
	}
	at := text.At(s.encoding, f.Line, column)
	edit := lsp.TextEdit{Range: lsp.Range{Start: at, End: at}}
	if snippets {
		edit.Snippet = &lsp.Snippet{Kind: "snippet", Value: directive}
	} else {
		edit.NewText = &directive
	}
	return s.workspaceEdit(map[string][]lsp.TextEdit{file: {edit}}), true
}

// begins reports whether a statement or declaration begins on the line, and if not
// whether a comment can stand behind it: in a string that goes on it would be text.
func begins(file string, text *lsp.Text, line int) (above, behind bool) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, text.String(), parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return false, false
	}
	at := func(pos token.Pos) int { return fset.PositionFor(pos, false).Line }
	behind = true
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case ast.Stmt, ast.Decl:
			above = above || at(n.Pos()) == line
		case *ast.BasicLit:
			behind = behind && !(at(n.Pos()) <= line && line < at(n.End()))
		case *ast.Comment:
			behind = behind && !(at(n.Pos()) <= line && line <= at(n.End()))
		}
		return true
	})
	return above, behind
}
