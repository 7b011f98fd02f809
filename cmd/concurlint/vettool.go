package main

import (
	"flag"
	"fmt"
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
	roomyStart()
	v := settings.New()
	v.AddFlags(flag.CommandLine)
	v.Packed = true
	if last := len(args) - 1; strings.HasSuffix(args[last], ".cfg") {
		os.Args[len(os.Args)-1], v.FactsOnly = unit(args[last], appliesFixes(args[:last]))
		checkKnowledge(args[:last])
	}
	unitchecker.Main(settings.Bind(v, analyzers.All()...)...)
}

// checkKnowledge ends the process if the user's knowledge cannot be had:
// unitchecker would tell no more than that a prerequisite has failed.
func checkKnowledge(flags []string) {
	v := settings.New()
	for _, f := range flags {
		switch name, value, _ := strings.Cut(strings.TrimLeft(f, "-"), "="); name {
		case "knowledge":
			v.KnowledgeFile = value
		case "knowledgetext":
			v.KnowledgeText = value
		}
	}
	if v.KnowledgeFile == "" && v.KnowledgeText == "" {
		return // the built-in one, which most units have no use for
	}
	if _, err := v.Knowledge(); err != nil {
		fmt.Fprintln(os.Stderr, "concurlint:", err)
		os.Exit(exitFailed)
	}
}
