package lsp

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A Position counts lines from 0, and in the line what the encoding says.
type Position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// A Range ends before End.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Touches reports whether the two have a line in common: an editor asks for what
// can be done on a line, wherever in it the cursor is.
func (r Range) Touches(other Range) bool {
	return r.Start.Line <= other.End.Line && other.Start.Line <= r.End.Line
}

// Holds reports whether the position is in the range or at its end.
func (r Range) Holds(p Position) bool { return !p.before(r.Start) && !r.End.before(p) }

func (p Position) before(q Position) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Character < q.Character
}

// Encoding is what characters count.
type Encoding string

// The encodings that we know. All editors know UTF16.
const (
	UTF8  Encoding = "utf-8" // bytes
	UTF16 Encoding = "utf-16"
)

// Choose takes bytes where the editor offers them, which are ours as well.
func Choose(offered []string) Encoding {
	if slices.Contains(offered, string(UTF8)) {
		return UTF8
	}
	return UTF16
}

// character is the count for the bytes before a place in a line.
func (e Encoding) character(before string) int {
	if e == UTF8 {
		return len(before)
	}
	n := 0
	for _, r := range before {
		n += units(r)
	}
	return n
}

// bytes is the reverse of character; what lies behind the line is its end.
func (e Encoding) bytes(line string, character int) int {
	if e == UTF8 {
		return min(max(character, 0), len(line))
	}
	for i, r := range line {
		if character <= 0 {
			return i
		}
		character -= units(r)
	}
	return len(line)
}

func units(r rune) int {
	if n := utf16.RuneLen(r); n > 0 {
		return n
	}
	return 1
}

// A Text is that of a file, with the places of its lines.
type Text struct {
	content string
	starts  []int
}

// NewText splits the text into lines.
func NewText(content string) *Text {
	t := &Text{content: content, starts: []int{0}}
	for i := range len(content) {
		if content[i] == '\n' {
			t.starts = append(t.starts, i+1)
		}
	}
	return t
}

// String is the text.
func (t *Text) String() string { return t.content }

// Line is line n, counted from 0, without its end; empty where there is none.
func (t *Text) Line(n int) string {
	if n < 0 || n >= len(t.starts) {
		return ""
	}
	end := len(t.content)
	if n+1 < len(t.starts) {
		end = t.starts[n+1]
	}
	return strings.TrimRight(t.content[t.starts[n]:end], "\r\n")
}

// At is the position of a line and a byte in it, both counted from 1 as compilers
// do. Where the file has no such place, the nearest one is meant.
func (t *Text) At(e Encoding, line, column int) Position {
	line = min(max(line-1, 0), len(t.starts)-1)
	text := t.Line(line)
	return Position{line, e.character(text[:min(max(column-1, 0), len(text))])}
}

// AtOffset is the position of a byte of the text.
func (t *Text) AtOffset(e Encoding, offset int) Position {
	offset = min(max(offset, 0), len(t.content))
	line, found := slices.BinarySearch(t.starts, offset)
	if !found {
		line--
	}
	return Position{line, e.character(t.content[t.starts[line]:offset])}
}

// Offset is the byte of the text at the position.
func (t *Text) Offset(e Encoding, p Position) int {
	if p.Line < 0 {
		return 0
	}
	if p.Line >= len(t.starts) {
		return len(t.content)
	}
	return t.starts[p.Line] + e.bytes(t.Line(p.Line), p.Character)
}

// URI names an absolute file.
func URI(file string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// File is the file that a URI names, empty where it names none.
func File(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" || !utf8.ValidString(u.Path) {
		return ""
	}
	path := u.Path
	if len(path) > 2 && path[2] == ':' { // a drive
		path = path[1:]
	}
	return filepath.Clean(filepath.FromSlash(path))
}
