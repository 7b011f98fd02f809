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

// add splits text into lines. With check set every line is decoded.
func (b *Base) add(name, text string, check bool) error {
	for n := 1; text != ""; n++ {
		var l string
		l, text, _ = strings.Cut(text, "\n")
		verb, rest := word(l)
		if verb == "" && rest == "" || strings.HasPrefix(verb, "#") {
			continue
		}
		symbol, rest := word(rest)
		if check {
			if err := checkLine(verb, symbol, split(rest).attrs); err != nil {
				return fmt.Errorf("%s:%d: %v", name, n, err)
			}
		}
		b.lines[key{verb, unversioned(symbol)}] = rest
	}
	return nil
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
		return fmt.Errorf("unknown verb %q: want effect, quiet, loop, executor, limiter or mutex", verb)
	}
	if !isSymbol(symbol) {
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
