package fanout

import (
	"os"
	"path/filepath"
)

// What a function that calls itself makes are the nodes of data: each has its elements
// when it is made, and how many these are nobody has chosen.
type folder struct {
	sheets []string
	within []*folder
}

func open(name string) *folder {
	f := &folder{}
	entries, _ := os.ReadDir(name)
	for _, e := range entries {
		full := filepath.Join(name, e.Name())
		if e.IsDir() {
			f.within = append(f.within, open(full))
			continue
		}
		f.sheets = append(f.sheets, full)
	}
	return f
}

func (f *folder) load() {
	for _, s := range f.sheets {
		go os.ReadFile(s) // want "note: .*for each of f.sheets and each waits on the file system"
	}
}

// The same in a literal.
type unit struct {
	sources []string
	needs   []*unit
}

func units(root string, needs func(string) []string, sources func(string) []string) *unit {
	seen := make(map[string]*unit)
	var visit func(name string) *unit
	visit = func(name string) *unit {
		u := seen[name]
		if u == nil {
			u = &unit{sources: sources(name)}
			seen[name] = u
			for _, n := range needs(name) {
				u.needs = append(u.needs, visit(n))
			}
		}
		return u
	}
	return visit(root)
}

func (u *unit) read() {
	for _, s := range u.sources {
		go os.ReadFile(s) // want "note: .*for each of u.sources and each waits on the file system"
	}
}
