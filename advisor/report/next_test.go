package report

import (
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor"
)

// What is written needs no command to write it, and says what is otherwise now.
func TestWritten(t *testing.T) {
	a := advisor.Advice{
		Site: advisor.Site{Place: advisor.Place{File: "a/a.go", Line: 3}}, Action: "more", Edit: "+x",
		EditNotes: []string{"its errors come in another order"}, Unknown: []string{"one", "two", "three"},
		Verified: &advisor.Verified{Benchmark: "BenchmarkA", Claim: "faster", Size: 8},
	}
	for _, written := range []bool{false, true} {
		a.Verified.Written = written
		var b strings.Builder
		if err := Text(&b, &advisor.Report{Advice: []advisor.Advice{a}}, Options{}); err != nil {
			t.Fatal(err)
		}
		if next := strings.Contains(b.String(), "-apply"); next == written || strings.Contains(b.String(), "has the edit") != written || !strings.Contains(b.String(), "mind      its errors") {
			t.Errorf("written %t:\n%s", written, b.String())
		}
	}
}

// What was verified is verified again on the benchmarks that ran, each by its
// whole name.
func TestAgain(t *testing.T) {
	for benchmark, want := range map[string]string{
		"BenchmarkA":             "concurlint advise -verify '^BenchmarkA$' ./a -apply",
		"BenchmarkA, BenchmarkB": "concurlint advise -verify '^(BenchmarkA|BenchmarkB)$' ./a -apply",
	} {
		a := advisor.Advice{
			Site: advisor.Site{Place: advisor.Place{File: "a/a.go", Line: 3}}, Action: "more", Edit: "+x",
			Verified: &advisor.Verified{Benchmark: benchmark, Claim: "faster", Size: 8},
		}
		if next := nextCommand(&advisor.Report{}, &a); next != want {
			t.Errorf("have %s, want %s", next, want)
		}
	}
}
