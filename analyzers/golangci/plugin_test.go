package golangci

import (
	"maps"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers"
)

func TestNew(t *testing.T) {
	for want, conf := range map[string]any{
		`no rule "lockoi"; want one of blockloop, fanout, lockio, poolfit, contract`: map[string]any{"rules": []string{"lockoi"}},
		`decoding settings: json: unknown field "rule"`:                              map[string]any{"rule": "lockio"},
		`severity "bad": want note, warning or error`:                                map[string]any{"severity": "bad"},
		`confidence 2 is no probability; want 0 to 1`:                                map[string]any{"confidence": 2},
		`knowledge:1: effect example.com/a.F: unknown word "nett"`:                   map[string]any{"knowledge": "effect example.com/a.F nett"},
	} {
		if _, err := New(conf); err == nil || err.Error() != want {
			t.Errorf("%v\nhave %v\nwant %s", conf, err, want)
		}
	}
	for range 2 { // golangci-lint builds its linters twice
		p, err := New(map[string]any{"rules": []string{"lockio", "contract"}, "knowledge": "effect example.com/a.F net"})
		if err != nil {
			t.Fatal(err)
		}
		list, err := p.BuildAnalyzers()
		if err != nil || len(list) != 2 || p.GetLoadMode() != register.LoadModeTypesInfo {
			t.Errorf("%v, %v, load mode %s", list, err, p.GetLoadMode())
		}
		if err := analysis.Validate(list); err != nil {
			t.Error(err)
		}
	}
	if _, err := register.GetPlugin(Name); err != nil {
		t.Error(err)
	}
}

// Each rule is a linter too, of itself alone.
func TestRules(t *testing.T) {
	for _, r := range analyzers.Rules {
		name := r.Analyzer.Name
		newPlugin, err := register.GetPlugin(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := newPlugin(map[string]any{"severity": "note"})
		if err != nil {
			t.Fatal(err)
		}
		list, err := p.BuildAnalyzers()
		if err != nil || len(list) != 1 || list[0].Name != name {
			t.Errorf("%s: have %v, %v", name, list, err)
		}
		if _, err := newPlugin(map[string]any{"rules": []string{name}}); err == nil {
			t.Errorf("%s takes a list of rules", name)
		}
	}
}

// Facts depend on the settings, and golangci-lint's cache knows them by the name of
// the analyzer.
func TestNamesOfFacts(t *testing.T) {
	names := func(conf map[string]any) map[string]bool {
		p, err := New(conf)
		if err != nil {
			t.Fatal(err)
		}
		list, err := p.BuildAnalyzers()
		if err != nil {
			t.Fatal(err)
		}
		found := make(map[string]bool)
		var visit func(*analysis.Analyzer)
		visit = func(a *analysis.Analyzer) {
			if len(a.FactTypes) > 0 {
				found[a.Name] = true
			}
			for _, req := range a.Requires {
				visit(req)
			}
		}
		for _, a := range list {
			visit(a)
		}
		return found
	}
	one, two := names(map[string]any{"severity": "note"}), names(map[string]any{"knowledge": "effect example.com/a.F net"})
	if len(one) == 0 || len(one) != len(two) || !maps.Equal(one, names(map[string]any{"severity": "note"})) {
		t.Errorf("have %v and %v", one, two)
	}
	for name := range one {
		if two[name] {
			t.Errorf("two suites of different settings have %s", name)
		}
	}
}
