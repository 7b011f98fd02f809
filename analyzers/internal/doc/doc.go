// Package doc takes an analyzer's documentation from its package comment, so
// that there is one text for the web page, the command and the diagnostics.
package doc

import "strings"

// Of returns the text under the heading "# Analyzer NAME" in the package
// comment of source, the content of a doc.go file whose lines of comment start
// with two slashes. The text starts with "NAME: ", which is cut off, as
// analysis.Analyzer.Doc wants it.
//
// It runs before main, in a command that the go command starts for each package:
// go/parser would make a node of each line.
func Of(source, name string) string {
	_, text, found := strings.Cut(source, "\n// # Analyzer "+name+"\n")
	text, _, _ = strings.Cut(text, "\npackage ")
	text, _, _ = strings.Cut(text, "\n// # ")
	var b strings.Builder
	b.Grow(len(text))
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimPrefix(strings.TrimPrefix(line, "//"), " "))
	}
	text, ok := strings.CutPrefix(strings.TrimSpace(b.String()), name+": ")
	if !found || !ok {
		panic("doc.go does not describe analyzer " + name)
	}
	return text
}
