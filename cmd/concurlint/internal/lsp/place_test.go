package lsp

import "testing"

// TestPositions goes there and back through text of which a character is one,
// two, three and four bytes, and one or two units.
func TestPositions(t *testing.T) {
	const content = "a\r\n\tü€𝕏z\n\nend"
	text := NewText(content)
	for _, e := range []Encoding{UTF8, UTF16} {
		for i := range content {
			if content[i] == '\n' && i > 0 && content[i-1] == '\r' {
				continue // inside of a line's end
			}
			p := text.AtOffset(e, i)
			if back := text.Offset(e, p); back != i {
				t.Errorf("%s: byte %d is at %v, which is byte %d", e, i, p, back)
			}
		}
	}
	for _, test := range []struct {
		encoding     Encoding
		line, column int
		want         Position
	}{
		{UTF16, 2, 11, Position{1, 5}}, // the z
		{UTF8, 2, 11, Position{1, 10}},
		{UTF16, 0, 0, Position{0, 0}},
		{UTF16, 99, 99, Position{3, 3}},
		{UTF16, 1, 99, Position{0, 1}},
	} {
		if have := text.At(test.encoding, test.line, test.column); have != test.want {
			t.Errorf("%s %d:%d is at %v, want %v", test.encoding, test.line, test.column, have, test.want)
		}
	}
	for _, p := range []Position{{-1, 0}, {0, -1}, {99, 0}, {1, 1 << 30}} {
		if i := text.Offset(UTF16, p); i < 0 || i > len(content) {
			t.Errorf("%v is byte %d", p, i)
		}
	}
}

func TestURI(t *testing.T) {
	for _, file := range []string{"/a/b.go", "/a b/ü%#.go"} {
		if back := File(URI(file)); back != file {
			t.Errorf("%s is %s, which is %s", file, URI(file), back)
		}
	}
	for _, uri := range []string{"", "untitled:Untitled-1", "%", "file:", "https://example.com/a.go"} {
		if file := File(uri); file != "" {
			t.Errorf("%q names %s", uri, file)
		}
	}
	if file := File("file:///c%3A/a/b.go"); file != "c:/a/b.go" && file != `c:\a\b.go` {
		t.Errorf("have %s", file)
	}
}
