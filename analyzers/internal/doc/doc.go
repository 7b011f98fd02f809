// Package doc takes an analyzer's documentation from its package comment, so
// that there is one text for the web page, the command and the diagnostics.
package doc

import (
	"go/parser"
	"go/token"
	"strings"
)

// Of returns the text under the heading "# Analyzer NAME" in the package
// comment of source, the content of a doc.go file. The text starts with
// "NAME: ", which is cut off, as analysis.Analyzer.Doc wants it.
func Of(source, name string) string {
	f, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		panic(err) // embedded
	}
	_, text, _ := strings.Cut("\n"+f.Doc.Text(), "\n# Analyzer "+name+"\n")
	text, _, _ = strings.Cut(text, "\n# ")
	text, ok := strings.CutPrefix(strings.TrimSpace(text), name+": ")
	if !ok {
		panic("doc.go does not describe analyzer " + name)
	}
	return text
}
