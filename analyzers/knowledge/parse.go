package knowledge

import (
	"fmt"
	"strings"
)

// verbs are the line kinds and the check each line must pass.
var verbs = map[string]func(attrs string) error{
	"effect":   func(a string) error { _, err := parseEffect(a); return err },
	"quiet":    noWords,
	"loop":     func(a string) error { _, err := parseLoop(a); return err },
	"executor": func(a string) error { _, err := parseExecutor(a); return err },
	"limiter":  oneOf("acquire", "release", "try"),
	"mutex":    oneOf("lock", "unlock", "rlock", "runlock", "trylock"),
	"pause":    oneOf("start", "end"),
	"request":  noWords,
	"asks":     func(a string) error { _, err := parseAsks(a); return err },
}

func noWords(attrs string) error {
	if attrs != "" {
		return fmt.Errorf("unexpected %q", attrs)
	}
	return nil
}

func oneOf(words ...string) func(string) error {
	return func(attrs string) error {
		for _, w := range words {
			if attrs == w {
				return nil
			}
		}
		return fmt.Errorf("want one of %s, have %q", strings.Join(words, ", "), attrs)
	}
}

// add sorts the lines of text into sections. Lines about one package usually
// follow each other and are kept as one piece.
func (b *Base) add(text string) {
	run, last := "", "" // the piece that is growing, and the head of its symbols as written
	for rest := text; rest != ""; {
		start := rest
		l, next, _ := strings.Cut(rest, "\n")
		rest = next
		verb, after := word(l)
		if verb == "" || verb[0] == '#' {
			continue
		}
		symbol, _ := word(after)
		if run != "" {
			if continues(symbol, last) {
				continue
			}
			b.append(last, run[:len(run)-len(start)])
		}
		run, last = start, head(symbol)
	}
	b.append(last, run)
}

func (b *Base) append(last, run string) {
	if run == "" {
		return
	}
	h := head(unversioned(last)) // as section looks it up, and a.b/v2 leaves another dot
	sec := b.sections[h]
	if sec == nil {
		sec = &section{}
		b.sections[h] = sec
	}
	sec.runs = append(sec.runs, run)
}

// split separates the lines of the section; later ones win.
func (sec *section) split() {
	sec.lines = make(map[key]string)
	for _, run := range sec.runs {
		for l := range strings.SplitSeq(run, "\n") {
			verb, rest := word(l)
			if verb == "" || verb[0] == '#' {
				continue
			}
			symbol, rest := word(rest)
			sec.lines[key{verb, unversioned(symbol)}] = rest
		}
	}
}

// check decodes every line of text.
func check(name, text string) error {
	n := 0
	for l := range strings.SplitSeq(text, "\n") {
		n++
		verb, rest := word(l)
		if verb == "" && rest == "" || strings.HasPrefix(verb, "#") {
			continue
		}
		symbol, rest := word(rest)
		if err := checkLine(verb, symbol, split(rest).attrs); err != nil {
			return fmt.Errorf("%s:%d: %v", name, n, err)
		}
	}
	return nil
}

// continues reports whether the symbol has the head.
func continues(symbol, head string) bool {
	return len(symbol) > len(head) && symbol[len(head)] == '.' && symbol[:len(head)] == head && strings.IndexByte(symbol[len(head):], '/') < 0
}

// word splits off the first word of s. It runs on every line at each start, so
// it does without the generality of package strings.
func word(s string) (word, rest string) {
	start := 0
	for start < len(s) && isBlank(s[start]) {
		start++
	}
	end := start
	for end < len(s) && !isBlank(s[end]) && s[end] != '|' {
		end++
	}
	return s[start:end], s[end:]
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

// split separates the words of a line from its free text.
func split(rest string) line {
	attrs, text, _ := strings.Cut(rest, "|")
	return line{strings.TrimSpace(attrs), strings.TrimSpace(text)}
}

func checkLine(verb, symbol, attrs string) error {
	check := verbs[verb]
	if check == nil {
		return fmt.Errorf("unknown verb %q: want effect, quiet, loop, executor, limiter, mutex, pause, request or asks", verb)
	}
	if !isSymbol(symbol) || !isSymbol(unversioned(symbol)) { // as of gopkg.in/a.v2
		return fmt.Errorf("%s: want a symbol such as net/http.Client.Do, have %q", verb, symbol)
	}
	if err := check(attrs); err != nil {
		return fmt.Errorf("%s %s: %v", verb, symbol, err)
	}
	return nil
}

// isSymbol reports whether s has a path and a name after it.
func isSymbol(s string) bool {
	last := s[strings.LastIndexByte(s, '/')+1:]
	return strings.Contains(last, ".") && !strings.Contains("."+last+".", "..")
}
