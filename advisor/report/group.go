package report

import (
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// flameData is what the page's script gets: the trees, and whose code each name
// is.
type flameData struct {
	Views []flameView `json:"views"`
}

type flameView struct {
	View
	Groups []group `json:"groups"` // by name
}

// A group is whose code a function is.
type group int

const (
	own group = iota
	library
	standard
	runtimeGroup
	merged // OtherName and the root
)

func grouped(f Flame, r *advisor.Report) flameData {
	root := ownRoot(r)
	d := flameData{Views: []flameView{}}
	for _, v := range f.Views {
		groups := make([]group, len(v.Names))
		for i, n := range v.Names {
			groups[i] = groupOf(n, root)
		}
		d.Views = append(d.Views, flameView{v, groups})
	}
	return d
}

func groupOf(name, root string) group {
	pkg := packageOf(name)
	first, _, _ := strings.Cut(pkg, "/")
	switch {
	case name == OtherName || name == "all":
		return merged
	case pkg == "main", root != "" && (pkg == root || strings.HasPrefix(pkg, root+"/")):
		return own
	case pkg == "runtime", strings.HasPrefix(pkg, "runtime/"), strings.HasPrefix(pkg, "internal/runtime/"):
		return runtimeGroup
	case !strings.Contains(first, "."): // only the standard library's paths begin with a plain word
		return standard
	}
	return library
}

// packageOf is the import path of a linker name: up to the first dot behind the
// last slash. A slash within type arguments is not one of the path.
func packageOf(name string) string {
	path, _, _ := strings.Cut(name, "[")
	slash := strings.LastIndex(path, "/") + 1
	if dot := strings.Index(path[slash:], "."); dot >= 0 {
		return path[:slash+dot]
	}
	return path
}

// ownRoot is the path that all packages of the report share, which is the
// module or a folder of it.
func ownRoot(r *advisor.Report) string {
	root, first := "", true
	add := func(pkg string) {
		if pkg == "" || pkg == "main" {
			return
		}
		if first {
			root, first = pkg, false
			return
		}
		for root != "" && pkg != root && !strings.HasPrefix(pkg, root+"/") {
			root = root[:max(strings.LastIndex(root, "/"), 0)]
		}
	}
	for _, m := range r.Classes {
		add(m.Package)
	}
	for _, f := range r.Findings {
		add(f.Package)
	}
	for _, a := range r.Advice {
		add(a.Site.Package)
	}
	return root
}
