package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fatih/color"
)

// A screen collects lines that fit its width.
type screen struct {
	b     strings.Builder
	width int
	color bool
}

// A tint is how a word is set off on a terminal.
type tint []color.Attribute

var (
	bold  = tint{color.Bold}
	faint = tint{color.Faint}
	red   = tint{color.FgRed, color.Bold}
	gold  = tint{color.FgYellow, color.Bold}
	green = tint{color.FgGreen}
	cyan  = tint{color.FgCyan}
)

// paint tints text if this screen has colours; the caller of the package
// decided that, so color's own look at standard output does not count.
func (s *screen) paint(t tint, text string) string {
	if !s.color || text == "" || len(t) == 0 {
		return text
	}
	c := color.New(t...)
	c.EnableColor()
	return c.Sprint(text)
}

// line ends a line made of ready parts.
func (s *screen) line(parts ...string) {
	s.b.WriteString(strings.TrimRight(strings.Join(parts, ""), " "))
	s.b.WriteByte('\n')
}

// labelled writes text behind a label of the given width, wrapped, its further
// lines below its first. Nothing is written for an empty text.
func (s *screen) labelled(indent, width int, t tint, label, text string) {
	if text == "" {
		return
	}
	lead := strings.Repeat(" ", indent)
	gap := strings.Repeat(" ", max(width-utf8.RuneCountInString(label), 0))
	for i, l := range wrap(clean(text), s.width-indent-width) {
		if i > 0 {
			label, gap = "", strings.Repeat(" ", width)
		}
		s.line(lead, s.paint(t, label), gap, l)
	}
}

// title writes a heading with an empty line before it.
func (s *screen) title(text string) {
	if s.b.Len() > 0 {
		s.b.WriteByte('\n')
	}
	s.line(s.paint(bold, text))
}

// wrap breaks text between words into lines of at most width columns. A word
// that is longer stays whole: a path has to be copied in one piece.
func wrap(text string, width int) []string {
	width = max(width, 20)
	var lines []string
	line, used := "", 0
	for _, word := range words(text) {
		n := utf8.RuneCountInString(word)
		if used > 0 && used+1+n > width {
			lines = append(lines, line)
			line, used = "", 0
		}
		if used > 0 {
			line += " "
			used++
		}
		line += word
		used += n
	}
	return append(lines, line)
}

// words are the parts of text that a line may begin with: a figure keeps its
// unit.
func words(text string) []string {
	var list []string
	for _, word := range strings.Fields(text) {
		last := len(list) - 1
		if unit := strings.TrimRight(word, ".,;:)"); last >= 0 && units[unit] && endsInDigit(list[last]) {
			list[last] += " " + word
			continue
		}
		list = append(list, word)
	}
	return list
}

var units = map[string]bool{"s": true, "ms": true, "µs": true, "ns": true, "min": true, "h": true, "%": true, "kB": true, "MB": true, "GB": true, "KiB": true, "MiB": true, "GiB": true}

func endsInDigit(s string) bool { return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }

// clean quotes what a terminal would obey instead of showing: names come from
// recordings, and an escape sequence in one could rewrite the screen.
func clean(text string) string {
	if strings.IndexFunc(text, hidden) < 0 && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if hidden(r) || r == utf8.RuneError {
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// hidden covers controls and the marks that reverse the direction of writing.
func hidden(r rune) bool { return r != '\n' && !unicode.IsPrint(r) && r != '\u00a0' }
