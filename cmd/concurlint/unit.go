package main

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// factsOnlyField is how the go command writes that a unit is wanted for its
// facts alone, being a dependency.
var factsOnlyField = []byte(`"VetxOnly": true`)

// unitName is the variable in which the go command names a unit as go list does.
// go help build documents it for -toolexec; every tool gets it.
const unitName = "TOOLEXEC_IMPORTPATH"

// unit returns the configuration to analyze by and whether only facts are
// wanted. The text is searched, not decoded: it may name thousands of packages,
// and unitchecker decodes it anyway.
//
// Dependencies of the user's own modules are analyzed in full. The go command
// (1.26) looks its cache up without regard to VetxOnly: a package that was first
// a dependency, and so printed nothing, would have no findings later when it is
// asked for by name. That concerns units that can be asked for by name. Others
// have a key of their own in the cache, and what they print would come twice: the
// variants for a test or for a main package with a profile, and a package that by
// name is analyzed together with its tests.
//
// Not so where fixes are applied: nobody named the dependency, and without an
// archive in its configuration the fixes would go straight into its files. The
// cache does no harm there, as the go command looks for an archive of fixes in
// it when the package is named.
func unit(cfg string, fixes bool) (path string, factsOnly bool) {
	text, err := os.ReadFile(cfg)
	if err != nil || !bytes.Contains(text, factsOnlyField) {
		return cfg, false
	}
	own := bytes.Contains(text, []byte(`"ModuleVersion": ""`)) && !bytes.Contains(text, []byte(`"ModulePath": ""`))
	if fixes || !own || isVariant(os.Getenv(unitName)) || hasTests(text) {
		return cfg, true
	}
	full := filepath.Join(filepath.Dir(cfg), "full.cfg")
	text = bytes.Replace(text, factsOnlyField, []byte(`"VetxOnly": false`), 1)
	if err := os.WriteFile(full, text, 0o666); err != nil {
		return cfg, true // a full disk: the facts can still be had
	}
	return full, false
}

// isVariant reports whether a unit is a package compiled anew for a test that
// replaces one of its dependencies, or with the profile of a main package: its
// name is then "a/b [a/c.test]" or "a/b [a/cmd]".
func isVariant(name string) bool { return strings.HasSuffix(name, "]") }

// appliesFixes reports whether the flags of a unit make it write files. A diff is
// only printed, and is kept in the cache as findings are.
func appliesFixes(flags []string) bool {
	set := make(map[string]bool)
	for _, f := range flags {
		name, value, given := strings.Cut(strings.TrimLeft(f, "-"), "=")
		on, err := strconv.ParseBool(value)
		set[name] = !given || err == nil && on
	}
	return set["fix"] && !set["diff"]
}

// hasTests reports whether the package has test files of its own, those of package
// b_test apart. Which of them build constraints exclude is in the configuration.
func hasTests(text []byte) bool {
	var cfg struct {
		Dir          string
		IgnoredFiles []string // absolute
	}
	if json.Unmarshal(text, &cfg) != nil {
		return true
	}
	entries, err := os.ReadDir(cfg.Dir)
	if err != nil {
		return true
	}
	for _, e := range entries {
		name := e.Name()
		file := filepath.Join(cfg.Dir, name)
		if !strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") || slices.Contains(cfg.IgnoredFiles, file) {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
		if err == nil && !strings.HasSuffix(f.Name.Name, "_test") {
			return true
		}
	}
	return false
}
