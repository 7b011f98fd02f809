package main

import (
	"bytes"
	"encoding/json"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// factsOnlyField is how the go command writes that a unit is wanted for its
// facts alone, being a dependency.
var factsOnlyField = []byte(`"VetxOnly": true`)

// unit returns the configuration to analyze by and whether only facts are
// wanted. The text is searched, not decoded: it may name thousands of packages,
// and unitchecker decodes it anyway.
//
// Dependencies of the user's own modules are analyzed in full. The go command
// (1.26) looks its cache up without regard to VetxOnly: a package that was first
// a dependency, and so printed nothing, would have no findings later when it is
// asked for by name.
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
	if fixes {
		return cfg, true
	}
	own := bytes.Contains(text, []byte(`"ModuleVersion": ""`)) && !bytes.Contains(text, []byte(`"ModulePath": ""`))
	if !own || replacedByTests(text) {
		return cfg, true
	}
	full := filepath.Join(filepath.Dir(cfg), "full.cfg")
	text = bytes.Replace(text, factsOnlyField, []byte(`"VetxOnly": false`), 1)
	if err := os.WriteFile(full, text, 0o666); err != nil {
		return cfg, true // a full disk: the facts can still be had
	}
	return full, false
}

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

// replacedByTests reports whether the package has tests of its own: asked for
// by name, it is then analyzed together with them, as another unit, and what
// this unit prints would come twice.
func replacedByTests(text []byte) bool {
	var cfg struct {
		Dir        string
		ImportPath string
		GoFiles    []string
	}
	if json.Unmarshal(text, &cfg) != nil || strings.Contains(cfg.ImportPath, " ") {
		return true
	}
	entries, err := os.ReadDir(cfg.Dir)
	if err != nil {
		return true
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, "_test.go") {
			continue
		}
		if ok, err := build.Default.MatchFile(cfg.Dir, name); err != nil || !ok {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(cfg.Dir, name), nil, parser.PackageClauseOnly)
		if err == nil && !strings.HasSuffix(f.Name.Name, "_test") {
			return true
		}
	}
	return false
}
