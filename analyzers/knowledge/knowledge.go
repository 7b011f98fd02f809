package knowledge

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

//go:embed data/*.know
var files embed.FS

// A Base is a set of knowledge lines, sorted by package. A line is split when
// its package is first asked for and decoded when it is asked for itself: a vet
// unit looks at a handful of thousands of lines. A Base is safe for concurrent
// use.
type Base struct {
	sections map[string]*section        // by head
	shapes   func() []LoopEntry         // see Shapes
	looping  func() map[string][]string // see Alike
}

// A section holds the lines of the packages with one head, which is nearly
// always one package.
type section struct {
	runs  []string // lines that follow each other, as written
	once  sync.Once
	lines map[key]string // exact symbols and patterns, without major version; what follows the symbol
}

type key struct{ verb, symbol string }

type line struct {
	attrs, text string
}

func newBase(size int) *Base {
	b := &Base{sections: make(map[string]*section, size)}
	b.shapes = sync.OnceValue(b.findShapes)
	b.looping = sync.OnceValue(b.findLooping)
	return b
}

// Builtin returns the knowledge that is part of concurlint. The caller must
// not change it.
var Builtin = sync.OnceValue(func() *Base {
	b := newBase(512)
	names, err := fs.Glob(files, "data/*.know")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		b.add(string(data))
	}
	return b
})

// With returns a base that also holds the lines of text, which win over b's.
// Every line is decoded at once, so that an error names name and line.
func (b *Base) With(name, text string) (*Base, error) {
	if err := check(name, text); err != nil {
		return nil, err
	}
	c := newBase(len(b.sections))
	for head, s := range b.sections {
		c.sections[head] = &section{runs: slices.Clip(s.runs)}
	}
	c.add(text)
	return c, nil
}

// Knows reports whether there may be lines about the package.
func (b *Base) Knows(path string) bool { return b.section(path) != nil }

// section returns the lines about a package, split, or nil.
func (b *Base) section(path string) *section {
	s := b.sections[head(unversioned(path))]
	if s != nil {
		s.once.Do(s.split)
	}
	return s
}

// head cuts a path or symbol without major version at the first dot of its last
// element, which ends the path unless that has a dot itself, as nats.go.
func head(s string) string {
	slash := strings.LastIndexByte(s, '/') + 1
	if dot := strings.IndexByte(s[slash:], '.'); dot >= 0 {
		return s[:slash+dot]
	}
	return s
}

// find returns the line for verb and symbol: the exact symbol first, then
// Type.*, then pkg.*.
func (b *Base) find(verb string, s Symbol) (line, bool) {
	sec := b.section(s.Path)
	if sec == nil {
		return line{}, false
	}
	path := unversioned(s.Path)
	if l, ok := sec.named(verb, path, s); ok {
		return split(l), true
	}
	l, ok := sec.lines[key{verb, path + ".*"}]
	return split(l), ok
}

// named returns the line for the symbol itself or all of its type.
func (sec *section) named(verb, path string, s Symbol) (string, bool) {
	if s.Type == "" {
		l, ok := sec.lines[key{verb, path + "." + s.Name}]
		return l, ok
	}
	path += "." + s.Type
	if l, ok := sec.lines[key{verb, path + "." + s.Name}]; ok {
		return l, true
	}
	l, ok := sec.lines[key{verb, path + ".*"}]
	return l, ok
}

// Names reports whether a line is about the symbol or all of its type, rather
// than the whole package.
func (b *Base) Names(s Symbol) bool {
	sec := b.section(s.Path)
	if sec == nil {
		return false
	}
	path := unversioned(s.Path)
	for _, verb := range [...]string{"effect", "quiet"} {
		if _, ok := sec.named(verb, path, s); ok {
			return true
		}
	}
	return false
}

// A Symbol is a function (Type empty), a method or a struct field.
type Symbol struct{ Path, Type, Name string }

// unversioned drops the major versions of an import path or of a symbol:
// example.com/a/v2/b.F and gopkg.in/a.v2.F become example.com/a/b.F and
// gopkg.in/a.F.
func unversioned(path string) string {
	if strings.HasPrefix(path, "gopkg.in/") {
		return dropMajor(path, '.')
	}
	return dropMajor(path, '/')
}

// dropMajor drops all major versions that stand behind sep.
func dropMajor(path string, sep byte) string {
	for i := range len(path) {
		if path[i] != sep {
			continue
		}
		if n := majorLen(path[i+1:]); n > 0 {
			return path[:i] + dropMajor(path[i+1+n:], sep)
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
