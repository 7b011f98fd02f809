// Package golangci is the plugin of golangci-lint, version 2. It is a module of its
// own, so that nobody else depends on golangci-lint's.
//
// Build a golangci-lint with it from .custom-gcl.yml:
//
//	version: v2.15.0
//	plugins:
//	  - module: github.com/concurlint/concurlint/analyzers/golangci
//	    version: latest
//
// and switch it on in .golangci.yml:
//
//	linters:
//	  enable: [concurlint]
//	  settings:
//	    custom:
//	      concurlint:
//	        type: module
//	        settings:
//	          rules: [lockio, fanout] # all that are on by default, if left out
//	          knowledge: |
//	            effect example.com/db.Pool.Get net ctx
//
// All settings stand in that file, the knowledge too: golangci-lint's cache knows
// what its own configuration holds, and no other file. Baseline and paths are what
// golangci-lint has for these (new-from-rev, exclusions).
package golangci

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// Name is the linter's name in golangci-lint.
const Name = "concurlint"

func init() { register.Plugin(Name, New) }

// Settings are what .golangci.yml holds for the linter. What is left out is as for
// the command.
type Settings struct {
	Rules      []string `json:"rules"`      // that run
	Severity   string   `json:"severity"`   // least shown
	Confidence *float64 `json:"confidence"` // least shown
	Tests      bool     `json:"tests"`      // report in files of tests
	Knowledge  string   `json:"knowledge"`  // effects of the user's libraries, as text
}

type plugin struct{ analyzers []*analysis.Analyzer }

// The settings belong to the process, so that there can be one set of them.
var (
	mu      sync.Mutex
	current *Settings
)

// New reads the settings. Unknown ones are errors, and so are different ones when
// it is called again.
func New(conf any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](conf)
	if err != nil {
		return nil, err
	}
	list, err := chosen(s.Rules)
	if err != nil {
		return nil, err
	}
	mu.Lock()
	defer mu.Unlock()
	if current != nil && !reflect.DeepEqual(*current, s) {
		return nil, fmt.Errorf("%s has other settings already; one run has one set of them", Name)
	}
	if err := apply(s); err != nil {
		return nil, err
	}
	current = &s
	return plugin{list}, nil
}

// chosen are the analyzers of the named rules, or of those on by default.
func chosen(names []string) (list []*analysis.Analyzer, err error) {
	var known []string
	for _, r := range analyzers.Rules {
		name := r.Analyzer.Name
		known = append(known, name)
		if slices.Contains(names, name) || len(names) == 0 && r.Default {
			list = append(list, r.Analyzer)
		}
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("no rule %q; want one of %s", name, strings.Join(known, ", "))
		}
	}
	return list, nil
}

func apply(s Settings) error {
	settings.OneLine = true
	settings.Tests = s.Tests
	if s.Severity != "" {
		if err := settings.Least.Set(s.Severity); err != nil {
			return fmt.Errorf("severity %q: %w", s.Severity, err)
		}
	}
	if s.Confidence != nil {
		if !(*s.Confidence >= 0 && *s.Confidence <= 1) {
			return fmt.Errorf("confidence %v is no probability; want 0 to 1", *s.Confidence)
		}
		settings.Confidence = *s.Confidence
	}
	return settings.SetKnowledge(s.Knowledge)
}

// BuildAnalyzers returns the analyzers of the rules that were chosen.
func (p plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return p.analyzers, nil }

// GetLoadMode says that the analyzers need types.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
