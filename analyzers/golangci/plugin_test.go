package golangci

import (
	"testing"

	"github.com/golangci/plugin-module-register/register"
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
	}
	const want = "concurlint has other settings already; one run has one set of them"
	if _, err := New(map[string]any{"rules": []string{"fanout"}}); err == nil || err.Error() != want {
		t.Errorf("have %v\nwant %s", err, want)
	}
	if _, err := register.GetPlugin(Name); err != nil {
		t.Error(err)
	}
}
