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
// Each rule is a linter as well, by the rule's name and with the same settings but
// rules, for those who want to exclude, to sort or to silence (//nolint:lockio) by
// rule. Take either these or the one: both would say everything twice.
//
// All settings stand in that file, the knowledge too: golangci-lint's cache knows
// what its own configuration holds, and no other file. Baseline and paths are what
// golangci-lint has for these (new-from-rev, exclusions).
package golangci

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// Name is the linter's name in golangci-lint.
const Name = "concurlint"

func init() {
	register.Plugin(Name, New)
	for _, r := range analyzers.Rules {
		register.Plugin(r.Analyzer.Name, func(conf any) (register.LinterPlugin, error) { return newRule(r.Analyzer.Name, conf) })
	}
}

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

// New reads the settings; unknown ones are errors. Each plugin that it returns has
// analyzers of its own, for which they hold.
func New(conf any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](conf)
	if err != nil {
		return nil, err
	}
	return s.plugin()
}

// newRule is New for the linter of one rule.
func newRule(name string, conf any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](conf)
	if err != nil {
		return nil, err
	}
	if s.Rules != nil {
		return nil, fmt.Errorf("linter %s is one rule and has no setting rules; linter %s has", name, Name)
	}
	s.Rules = []string{name}
	return s.plugin()
}

func (s *Settings) plugin() (register.LinterPlugin, error) {
	list, err := chosen(s.Rules)
	if err != nil {
		return nil, err
	}
	v, err := s.values()
	if err != nil {
		return nil, err
	}
	list = settings.Bind(v, list...)
	distinguish(list, fmt.Sprintf("_%x", sha256.Sum256([]byte(v.String())))[:13])
	return plugin{list}, nil
}

// distinguish gives the analyzers that produce facts names of their own: by the
// name golangci-lint's cache knows facts, which depend on the settings. They
// report nothing, so nobody sees it.
func distinguish(list []*analysis.Analyzer, suffix string) {
	for _, a := range list {
		if len(a.FactTypes) > 0 && !strings.HasSuffix(a.Name, suffix) {
			a.Name += suffix
		}
		distinguish(a.Requires, suffix)
	}
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

// values are the settings as analyzers have them.
func (s *Settings) values() (*settings.Values, error) {
	v := settings.New()
	v.OneLine, v.Tests, v.KnowledgeText = true, s.Tests, s.Knowledge
	if s.Severity != "" {
		if err := v.Least.Set(s.Severity); err != nil {
			return nil, fmt.Errorf("severity %q: %w", s.Severity, err)
		}
	}
	if s.Confidence != nil {
		if !(*s.Confidence >= 0 && *s.Confidence <= 1) {
			return nil, fmt.Errorf("confidence %v is no probability; want 0 to 1", *s.Confidence)
		}
		v.Confidence = *s.Confidence
	}
	_, err := v.Knowledge()
	return v, err
}

// BuildAnalyzers returns the analyzers of the rules that were chosen.
func (p plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return p.analyzers, nil }

// GetLoadMode says that the analyzers need types.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
