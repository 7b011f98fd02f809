package knowledge

import (
	"embed"
	"io/fs"
	"strings"
	"sync"
)

//go:embed data/*.know
var files embed.FS

// A Base is a set of knowledge lines, indexed by verb and symbol. Lines are
// split when the base is built and decoded when they are asked for: a vet unit
// looks at a handful of thousands of lines. A Base is safe for concurrent use.
type Base struct {
	lines map[key]string // exact symbols and patterns, paths without major version; what follows the symbol

	loopsOnce sync.Once
	loops     map[string][]LoopEntry // by import path
}

type key struct{ verb, symbol string }

type line struct {
	attrs, text string
}

// Builtin returns the knowledge that is part of concurlint. The caller must
// not change it.
var Builtin = sync.OnceValue(func() *Base {
	b := &Base{lines: make(map[key]string, 4096)}
	names, err := fs.Glob(files, "data/*.know")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		if err := b.add(name, string(data), false); err != nil {
			panic(err) // a test reads every line
		}
	}
	return b
})

// With returns a base that also holds the lines of text, which win over b's.
// Every line is decoded at once, so that an error names name and line.
func (b *Base) With(name, text string) (*Base, error) {
	c := &Base{lines: make(map[key]string, len(b.lines)+strings.Count(text, "\n"))}
	for k, l := range b.lines {
		c.lines[k] = l
	}
	if err := c.add(name, text, true); err != nil {
		return nil, err
	}
	return c, nil
}

// find returns the line for verb and symbol: the exact symbol first, then
// Type.*, then pkg.*.
func (b *Base) find(verb string, s Symbol) (line, bool) {
	path := unversioned(s.Path)
	exact := path + "." + s.Name
	if s.Type != "" {
		exact = path + "." + s.Type + "." + s.Name
	}
	if l, ok := b.lines[key{verb, exact}]; ok {
		return split(l), true
	}
	if s.Type != "" {
		if l, ok := b.lines[key{verb, path + "." + s.Type + ".*"}]; ok {
			return split(l), true
		}
	}
	l, ok := b.lines[key{verb, path + ".*"}]
	return split(l), ok
}

// A Symbol is a function (Type empty), a method or a struct field.
type Symbol struct{ Path, Type, Name string }

// unversioned drops the major versions of an import path or of a symbol:
// example.com/a/v2/b.F and gopkg.in/a.v2.F become example.com/a/b.F and
// gopkg.in/a.F.
func unversioned(path string) string {
	sep := byte('/')
	if strings.HasPrefix(path, "gopkg.in/") {
		sep = '.'
	}
	for i := range len(path) {
		if path[i] != sep {
			continue
		}
		if n := majorLen(path[i+1:]); n > 0 {
			return path[:i] + unversioned(path[i+1+n:])
		}
	}
	return path
}

// majorLen returns the length of the major version element that s starts with:
// v2, v10, v0, but not v1 as in Kubernetes, which is a package's own name.
func majorLen(s string) int {
	if s == "" || s[0] != 'v' {
		return 0
	}
	n := 1
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	if n == 1 || s[:n] == "v1" || n < len(s) && s[n] != '/' && s[n] != '.' {
		return 0
	}
	return n
}
