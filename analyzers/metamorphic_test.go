package analyzers_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/metamorph"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

var (
	checkout = flag.String("checkout", "", "`directory` of a module to rewrite, in place of the case files")
	pattern  = flag.String("pattern", "./...", "the `packages` of -checkout")
)

// TestMetamorphic rewrites programs so that they mean the same, and holds the
// analyzers to the same effects, classes and findings.
//
//	go test ./analyzers -run Metamorphic -checkout DIR -pattern ./...
func TestMetamorphic(t *testing.T) {
	cfg, patterns := caseFiles(t)
	if *checkout != "" {
		cfg, patterns = &packages.Config{Dir: *checkout}, []string{*pattern}
	}
	before := judge(t, cfg, patterns, nil)
	for _, change := range metamorph.Changes {
		t.Run(change.Name, func(t *testing.T) {
			overlay := make(map[string][]byte)
			for _, pkg := range before.pkgs {
				files, err := change.Overlay(pkg)
				if err != nil {
					t.Fatal(err)
				}
				maps.Copy(overlay, files)
			}
			if len(overlay) == 0 {
				t.Skip("nothing to change")
			}
			after := judge(t, cfg, patterns, overlay)
			compare(t, before, after, change.Name == "names")
		})
	}
}

// Drivers run the passes over a package side by side, in no order that they promise:
// two runs say the same, and the race detector sees what the passes share.
func TestSideBySide(t *testing.T) {
	cfg, patterns := caseFiles(t)
	compare(t, judge(t, cfg, patterns, nil), judge(t, cfg, patterns, nil), false)
}

// caseFiles are the packages of all case files.
func caseFiles(t *testing.T) (*packages.Config, []string) {
	t.Helper()
	dir, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &packages.Config{Dir: dir, Env: append(os.Environ(), "GOPATH="+dir, "GO111MODULE=off", "GOWORK=off", "GOPROXY=off")}
	return cfg, []string{"blockloop/...", "classify/...", "contract/...", "effects/...", "fanout/...", "lockio/...", "poolfit/..."}
}

// A judgement is what the analyzers say of packages, by declared function.
type judgement struct {
	pkgs  []*packages.Package
	facts map[string]string   // effects and class
	found map[string][]string // findings
}

func judge(t *testing.T, cfg *packages.Config, patterns []string, overlay map[string][]byte) judgement {
	t.Helper()
	c := *cfg
	c.Mode, c.Overlay = packages.LoadAllSyntax, overlay
	pkgs, err := packages.Load(&c, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		for _, e := range p.Errors {
			if overlay != nil {
				t.Errorf("%s: %v", p.PkgPath, e)
			}
		}
	}
	v := settings.New()
	v.Least, v.Confidence, v.Detail = settings.Note, 0, true
	list := append(analyzers.All(), effects.Analyzer)
	graph, err := checker.Analyze(settings.Bind(v, list...), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	j := judgement{pkgs: pkgs, facts: make(map[string]string), found: make(map[string][]string)}
	for _, act := range graph.Roots {
		if act.Err != nil {
			continue // a package with errors, before as after
		}
		if fx, ok := act.Result.(*effects.Result); ok {
			for _, f := range fx.Funcs() {
				if f.Obj != nil {
					j.facts[f.Obj.FullName()] = facets(&f.Summary)
				}
			}
		}
		for _, d := range act.Diagnostics {
			key, what := described(act, d)
			j.found[key] = append(j.found[key], what)
		}
	}
	for _, list := range j.found {
		slices.Sort(list)
	}
	return j
}

// facets is all that is known of a function but for the witnesses.
func facets(s *effects.Summary) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, strongest %s, lock %d: %s", s.Class(), s.Strongest(), s.Lock, inOrder(s.String()))
	list := slices.Clone(s.Effects)
	slices.SortStableFunc(list, func(a, b effects.Effect) int { return cmp.Compare(a.Kind, b.Kind) })
	for _, e := range list {
		fmt.Fprintf(&b, "; %s %s %s bound %d flags %d guard %d root %d %s", e.Name(), e.Certainty, e.Weight, e.Bound, e.Flags, e.Guard, e.Root, e.Duration)
	}
	return b.String()
}

// inOrder is a summary with the calls of arguments in order, which is that of the
// source and says nothing.
func inOrder(summary string) string {
	parts := strings.Split(summary, " calls ")
	slices.Sort(parts[1:])
	return strings.Join(parts, " calls ")
}

// literal matches how a function literal is told from its function.
var literal = regexp.MustCompile(`\.func\d.*$`)

// described returns the function of a finding, and the finding without what
// depends on names and places.
func described(act *checker.Action, d analysis.Diagnostic) (function, what string) {
	var detail report.Detail
	if json.Unmarshal([]byte(d.Category), &detail) != nil {
		return act.Package.PkgPath, d.Message
	}
	fn := literal.ReplaceAllString(detail.Function, "")
	var signals []string
	for _, s := range detail.Signals {
		signals = append(signals, s.Name)
	}
	return act.Package.PkgPath + "." + fn, fmt.Sprintf("%s %s %s %v", detail.Rule, detail.Kind, cmp.Or(detail.Severity, "-"), signals)
}

// compare holds what is said after a change to what was said before. Names may
// weigh a little, and change no candidate.
func compare(t *testing.T, before, after judgement, renamed bool) {
	t.Helper()
	facts, found := make(map[string]string), make(map[string][]string)
	for key, s := range after.facts {
		facts[metamorph.Original(key)] = metamorph.Original(s)
	}
	for key, list := range after.found {
		key = metamorph.Original(key)
		found[key] = append(found[key], list...)
	}
	for _, key := range slices.Sorted(maps.Keys(before.facts)) {
		if have, want := facts[key], before.facts[key]; have != want {
			t.Errorf("%s:\n\thave %s\n\twant %s", key, have, want)
		}
	}
	all := maps.Clone(before.found)
	maps.Copy(all, found)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		have, want := found[key], before.found[key]
		if renamed {
			have, want = candidates(have), candidates(want)
		}
		if !slices.Equal(have, want) {
			t.Errorf("%s:\n\thave %v\n\twant %v", key, have, want)
		}
	}
}

// candidates are findings without their severity and signals.
func candidates(list []string) (short []string) {
	for _, s := range list {
		f := strings.Fields(s)
		short = append(short, strings.Join(f[:min(2, len(f))], " "))
	}
	return short
}
