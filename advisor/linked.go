package advisor

import (
	"maps"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// Programs are the main packages of the recorded programs and the packages whose test
// binaries were recorded, by import path in order, as far as that is known. Any function
// of a main package names its program. So does one in a test file: those of other
// packages are not linked into a test binary.
func Programs(lint *Lint, ev *profile.Evidence) (mains, tested []string) {
	j := newJoin(newIndex(lint), ev)
	commands, tests := make(map[string]bool), make(map[string]bool)
	for _, pkg := range ev.Tested {
		tests[pkg] = true
	}
	for i, f := range ev.Frames {
		if strings.HasSuffix(f.File, "_test.go") {
			if pkg, own := j.pkg(j.tested(f)); own {
				tests[pkg] = true
			}
		} else if pkg, own := j.packageOf(i, f); own && j.names[f.Func].Package == "main" {
			commands[pkg] = true
		}
	}
	return slices.Sorted(maps.Keys(commands)), slices.Sorted(maps.Keys(tests))
}

// tested is the package that a function in a test file tests. The linker has external
// tests in one of their own.
func (j *join) tested(f profile.Frame) string {
	path := j.names[f.Func].Package
	if plain := strings.TrimSuffix(path, "_test"); !j.ix.pkgs[path] || j.ix.pkgs[plain] {
		return plain
	}
	return path
}

// packageOf is the import path of the package that a frame lies in, and whether that
// belongs to the module. A main package is known by its file.
func (j *join) packageOf(i int, f profile.Frame) (path string, own bool) {
	path, own = j.pkg(j.names[f.Func].Package)
	if path != "main" {
		return path, own
	}
	if fn := j.spots[i].fn; fn >= 0 {
		return j.ix.lint.Functions[fn].Package, true
	}
	return "", false
}

// beyond reports whether the recordings have a function of the module that is in none of
// the packages: then they are of yet another program, or of one that was built with
// other tags.
func (j *join) beyond(linked map[string]bool, frames []profile.Frame) bool {
	for i, f := range frames {
		if path, own := j.packageOf(i, f); own && !linked[path] {
			return true
		}
	}
	return false
}
