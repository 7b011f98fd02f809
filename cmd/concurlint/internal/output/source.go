package output

import (
	"os"
	"strings"
	"unicode"
	"unicode/utf16"
)

// sources reads the lines that findings point at.
type sources map[string][]string

// Lines returns a function that returns line n of a file, or "".
func Lines() func(file string, n int) string { return make(sources).line }

// line returns line n of the file without its end, or "".
func (s sources) line(file string, n int) string {
	text, _ := s.lookUp(file, n)
	return text
}

// lookUp is line, and whether the file has it.
func (s sources) lookUp(file string, n int) (line string, ok bool) {
	lines, ok := s[file]
	if !ok {
		text, err := os.ReadFile(file)
		if err == nil {
			lines = strings.Split(string(text), "\n")
		}
		s[file] = lines
	}
	if n < 1 || n > len(lines) {
		return "", false
	}
	return strings.TrimSuffix(lines[n-1], "\r"), true
}

// utf16Column turns a column that counts bytes into one that counts UTF-16 code
// units, as editors and SARIF readers do.
func (s sources) utf16Column(file string, line, column int) int {
	if column < 1 {
		return 1
	}
	text := s.line(file, line)
	if text == "" {
		return column
	}
	units := 0
	for _, r := range text[:min(column-1, len(text))] {
		units += utf16.RuneLen(unicodeOrReplacement(r))
	}
	return units + 1
}

func unicodeOrReplacement(r rune) rune {
	if utf16.RuneLen(r) < 0 {
		return unicode.ReplacementChar
	}
	return r
}

// mark returns the line and below it a marker under the bytes from column to
// end, both without control characters but for tabs, which keep the two aligned.
func mark(line string, column, end int) (text, marker string) {
	from := min(max(column-1, 0), len(line))
	to := min(max(end-1, from), len(line))
	blank := func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}
	tilde := func(rune) rune { return '~' }
	marker = strings.Map(blank, line[:from]) + "^"
	if rest := strings.Map(tilde, line[from:to]); rest != "" {
		marker += rest[1:]
	}
	return strings.Map(printable, line), marker
}

// printable keeps source text from steering the terminal.
func printable(r rune) rune {
	if r != '\t' && unicode.IsControl(r) {
		return '?'
	}
	return r
}
