package driver

import (
	"slices"
	"testing"
)

// TestOwn checks which packages are analyzed from source: also those of others
// that import what the user can edit.
func TestOwn(t *testing.T) {
	main := &module{Path: "example.com/main", Main: true}
	far := &module{Path: "example.com/far", Version: "v1.0.0"}
	local := &module{Path: "example.com/local", Version: "v0.0.0", Replace: &module{Path: "../local"}}
	g := newGraph(t.Context(), &Config{}, []*listed{
		{ImportPath: "sync", Standard: true, DepOnly: true},
		{ImportPath: "example.com/far/deep", Module: far, DepOnly: true, Imports: []string{"sync"}},
		{ImportPath: "example.com/local", Module: local, DepOnly: true, Imports: []string{"example.com/far/deep"}},
		{ImportPath: "example.com/far/back", Module: far, DepOnly: true, Imports: []string{"example.com/local"}},
		{ImportPath: "example.com/far/named", Module: far, Imports: []string{"sync"}},
		{ImportPath: "example.com/main", Module: main, Imports: []string{"C", "example.com/far/back"}},
		{ImportPath: "fmt", Standard: true, Imports: []string{"sync"}},
		{ImportPath: "example.com/main/lost", Module: main, Imports: []string{"example.com/unknown"}},
		{ImportPath: "example.com/main/above", Module: main, Imports: []string{"example.com/main/lost"}},
	}, nil)
	var own, roots, broken []string
	for _, n := range g.list {
		if n.isOwn {
			own = append(own, n.id)
		}
		if n.root {
			roots = append(roots, n.id)
		}
		if n.broken {
			broken = append(broken, n.id)
		}
	}
	for _, test := range []struct {
		name       string
		have, want []string
	}{
		{"own", own, []string{"example.com/local", "example.com/far/back", "example.com/far/named", "example.com/main", "example.com/main/lost", "example.com/main/above"}},
		{"roots", roots, []string{"example.com/far/named", "example.com/main", "example.com/main/lost", "example.com/main/above"}},
		{"broken", broken, []string{"example.com/main/lost", "example.com/main/above"}},
	} {
		if !slices.Equal(test.have, test.want) {
			t.Errorf("%s: have %v, want %v", test.name, test.have, test.want)
		}
	}
}

// TestKeys checks that the key of an outside package follows from everything
// below it, and that it does not follow from where it lies.
func TestKeys(t *testing.T) {
	keyOf := func(dir string, version string, file string) key {
		far := &module{Path: "example.com/far", Version: "v1.0.0"}
		deep := &module{Path: "example.com/deep", Version: version}
		g := newGraph(t.Context(), &Config{}, []*listed{
			{ImportPath: "example.com/deep", Dir: dir, Module: deep, DepOnly: true, GoFiles: []string{file}},
			{ImportPath: "example.com/far", Dir: dir, Module: far, DepOnly: true, GoFiles: []string{"a.go"}, Imports: []string{"example.com/deep"}},
		}, map[string]string{"GOARCH": "amd64"})
		g.outsideKeys()
		return g.list[1].typesKey
	}
	base := keyOf("/a", "v1.0.0", "b.go")
	if base != keyOf("/b", "v1.0.0", "b.go") {
		t.Error("the key depends on the directory")
	}
	if base == keyOf("/a", "v1.0.1", "b.go") || base == keyOf("/a", "v1.0.0", "b_linux.go") {
		t.Error("the key does not depend on version and files of an import")
	}
}
