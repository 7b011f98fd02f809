package main

import (
	"bytes"
	"flag"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// calledByGo reports whether the go command is asking: for the version, for the
// flags, or for the analysis of one package.
func calledByGo(args []string) bool {
	if len(args) == 1 && (strings.HasPrefix(args[0], "-V=") || args[0] == "-flags") {
		return true
	}
	return len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

// vettool serves the go command; it does not return.
func vettool(args []string) {
	settings.AddFlags(flag.CommandLine)
	settings.FactsOnly = factsOnly(args[len(args)-1])
	unitchecker.Main(analyzers.All()...)
}

// factsOnly reports whether the unit is a dependency. The file is searched, not
// decoded: it may name thousands of packages, and unitchecker decodes it anyway.
func factsOnly(cfg string) bool {
	if !strings.HasSuffix(cfg, ".cfg") {
		return false
	}
	text, err := os.ReadFile(cfg)
	return err == nil && bytes.Contains(text, []byte(`"VetxOnly": true`))
}
