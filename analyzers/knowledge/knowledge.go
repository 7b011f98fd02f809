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
	lines map[key]line // exact symbols and patterns, paths without major version
}

type key struct{ verb, symbol string }

type line struct {
	attrs, text string
}

// Builtin returns the knowledge that is part of concurlint. The caller must
// not change it.
var Builtin = sync.OnceValue(func() *Base {
	b := &Base{lines: make(map[key]line, 4096)}
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
	c := &Base{lines: make(map[key]line, len(b.lines)+strings.Count(text, "\n"))}
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
		return l, true
	}
	if s.Type != "" {
		if l, ok := b.lines[key{verb, path + "." + s.Type + ".*"}]; ok {
			return l, true
		}
	}
	l, ok := b.lines[key{verb, path + ".*"}]
	return l, ok
}

// A Symbol is a function (Type empty), a method or a struct field.
type Symbol struct{ Path, Type, Name string }

// unversioned drops a major version suffix of an import path, wherever it
// stands: example.com/a/v2/b and gopkg.in/a.v2 become example.com/a/b and gopkg.in/a.
func unversioned(path string) string {
	if !strings.Contains(path, "/v") && !strings.Contains(path, ".v") {
		return path
	}
	elems := strings.Split(path, "/")
	kept := elems[:0]
	for i, e := range elems {
		if i > 0 && isMajor(e) {
			continue
		}
		if j := strings.LastIndex(e, ".v"); j > 0 && elems[0] == "gopkg.in" && isMajor(e[j+1:]) {
			e = e[:j]
		}
		kept = append(kept, e)
	}
	return strings.Join(kept, "/")
}

// isMajor reports whether e is a major version element: v2, v10 (and v0 and v1
// of gopkg.in), but not Kubernetes-style v1, v1beta1 of ordinary paths, which
// are package names.
func isMajor(e string) bool {
	if len(e) < 2 || e[0] != 'v' || e == "v1" {
		return false
	}
	for _, c := range e[1:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
