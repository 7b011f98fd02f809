package history

import (
	"maps"
	"path"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// A tree is the state of the wanted files at one commit, with the weight that
// agrees. From commit to commit a few files change, and only what is named like
// them is compared again.
type tree struct {
	*wanted
	files  map[string]map[string]*source // by base name, then by path
	agreed map[string]float64            // weight by base name
	weight float64                       // sum of agreed
}

func newTree(w *wanted) *tree {
	return &tree{wanted: w, files: map[string]map[string]*source{}, agreed: map[string]float64{}}
}

// share is the weight that agrees, 0 to 1, whatever the rounding of sums.
func (t *tree) share() float64 { return min(1, t.weight/t.total) }

// set puts the source of a file in place; nil removes the file.
func (t *tree) set(rel string, s *source) {
	base := path.Base(rel)
	if s == nil {
		delete(t.files[base], rel)
	} else {
		if t.files[base] == nil {
			t.files[base] = map[string]*source{}
		}
		t.files[base][rel] = s
	}
	var agreed float64
	for _, it := range t.byBase[base] {
		if s := t.fileOf(base, it); s != nil && s.agrees(it) {
			agreed += it.Weight
		}
	}
	t.weight += agreed - t.agreed[base]
	t.agreed[base] = agreed
}

// fileOf is the file that an item's recorded one is taken for: of those whose
// path is how the recorded one ends, the longest.
func (t *tree) fileOf(base string, it *item) *source {
	var found *source
	deepest := -1
	for rel, s := range t.files[base] {
		if d := it.depth(rel); d > deepest {
			found, deepest = s, d
		}
	}
	return found
}

// collect adds the declarations of a file to those of its directory.
func collect(packages map[string]*source, rel string, s *source) {
	dir := path.Dir(rel)
	p := packages[dir]
	if p == nil {
		p = &source{decls: map[string][]span{}}
		packages[dir] = p
	}
	maps.Copy(p.decls, s.decls)
}

// named is the share of weight whose functions exist by name, wherever in their
// package they stand now.
func (w *wanted) named(packages map[string]*source) float64 {
	var sum float64
	for _, items := range w.byBase {
		for _, it := range items {
			if it.exists(packages) {
				sum += it.Weight
			}
		}
	}
	return sum / w.total
}

func (it *item) exists(packages map[string]*source) bool {
	pkg := profile.ParseName(it.Func).Package
	for dir, p := range packages {
		if it.depth(dir+"/x.go") < 0 && pkg != dir && !strings.HasSuffix(pkg, "/"+dir) {
			continue
		}
		if p.has(it) {
			return true
		}
	}
	return false
}
