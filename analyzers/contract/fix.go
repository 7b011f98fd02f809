package contract

import (
	"bytes"
	"os"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/directive"
)

// removal returns the edit that takes an unused directive away, with its line if
// it has one to itself, or nil where the text is not to be had. No program does
// anything else without a comment.
func removal(pass *analysis.Pass, ig *directive.Ignore) *analysis.SuggestedFix {
	read := pass.ReadFile
	if read == nil { // nogo has none
		read = os.ReadFile
	}
	file := pass.Fset.File(ig.Pos)
	text, err := read(file.Name())
	at := file.Offset(ig.Pos)
	if err != nil || at > len(text) || !bytes.HasPrefix(text[at:], []byte("//concurlint:")) {
		return nil // edited meanwhile
	}
	start, end := extent(text, at)
	return &analysis.SuggestedFix{
		Message:   "Remove the directive",
		TextEdits: []analysis.TextEdit{{Pos: file.Pos(start), End: file.Pos(end)}},
	}
}

// extent is what is to go with the line comment at an offset.
func extent(text []byte, at int) (start, end int) {
	end = len(text)
	if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
		end = at + n
	}
	start = len(bytes.TrimRight(text[:at], " \t"))
	if start > 0 && text[start-1] != '\n' {
		return start, end - len(text[at:end]) + len(bytes.TrimRight(text[at:end], "\r")) // behind code
	}
	if end < len(text) {
		end++
	}
	start, end = separator(text, start, end)
	if blank(lineBefore(text, start)) && start > 0 && blank(lineAfter(text, end)) {
		start -= len(lineBefore(text, start)) // one blank line is enough
	}
	return start, end
}

// separator takes the line "//" along that sets directives off from the sentences
// of a comment, where none are left.
func separator(text []byte, start, end int) (int, int) {
	above := lineBefore(text, start)
	if string(bytes.TrimSpace(above)) == "//" && !bytes.HasPrefix(bytes.TrimSpace(lineAfter(text, end)), []byte("//")) {
		start -= len(above)
	}
	return start, end
}

func blank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }

// lineBefore is the line that ends at an offset, with its end.
func lineBefore(text []byte, at int) []byte {
	if at == 0 {
		return nil
	}
	return text[bytes.LastIndexByte(text[:at-1], '\n')+1 : at]
}

// lineAfter is the line that begins at an offset, with its end.
func lineAfter(text []byte, at int) []byte {
	if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
		return text[at : at+n+1]
	}
	return text[at:]
}
