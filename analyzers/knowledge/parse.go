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
		l, free, _ := strings.Cut(l, "|")
		verb, rest, _ := strings.Cut(strings.TrimSpace(l), " ")
		if verb == "" || verb[0] == '#' {
			continue
		}
		symbol, attrs, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(rest, "\t", " ")), " ")
		attrs = strings.TrimSpace(attrs)
		if check {
			if err := checkLine(verb, symbol, attrs); err != nil {
				return fmt.Errorf("%s:%d: %v", name, n, err)
			}
		}
		b.lines[key{verb, unversioned(symbol)}] = line{attrs, strings.TrimSpace(free)}
	}
	return nil
}

func checkLine(verb, symbol, attrs string) error {
	check := verbs[verb]
	if check == nil {
		return fmt.Errorf("unknown verb %q: want effect, quiet, loop, executor, limiter or mutex", verb)
	}
	if dot := strings.LastIndexByte(symbol, '/') + 1; !strings.Contains(symbol[dot:], ".") {
		return fmt.Errorf("%s: want a symbol such as net/http.Client.Do, have %q", verb, symbol)
	}
	if err := check(attrs); err != nil {
		return fmt.Errorf("%s %s: %v", verb, symbol, err)
	}
	return nil
}
