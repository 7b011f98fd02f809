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
// whole name and in the parts that were asked for; what stayed open, which leaves no
// edit, on one of them and for longer.
func TestAgain(t *testing.T) {
	const one, two = "BenchmarkA", "BenchmarkA, BenchmarkB"
	for _, c := range []struct {
		edit     string
		verified advisor.Verified
		asked    string // -verify of the command before
		want     string
	}{
		{"+x", advisor.Verified{Benchmark: one, Claim: "faster", Size: 8}, "A", "concurlint advise -verify '^BenchmarkA$' ./a -apply"},
		{"+x", advisor.Verified{Benchmark: one, Claim: "faster", Size: 8}, "A/n=10", "concurlint advise -verify '^BenchmarkA$/n=10' ./a -apply"},
		{"+x", advisor.Verified{Benchmark: two, Claim: "faster", Size: 8}, ".", "concurlint advise -verify '^(BenchmarkA|BenchmarkB)$' ./a -apply"},
		{"", advisor.Verified{Benchmark: one, Claim: "unclear", Budget: 120}, "A", "concurlint advise -verify '^BenchmarkA$' ./a -budget 4m"},
		{"", advisor.Verified{Benchmark: two, Claim: "unclear", Budget: 45}, ".", "concurlint advise -verify '^BenchmarkA$' ./a -budget 1m30s"},
		{"", advisor.Verified{Benchmark: one, Claim: "unclear", Budget: 5400}, "A", "concurlint advise -verify '^BenchmarkA$' ./a -budget 3h"},
		{"", advisor.Verified{Benchmark: one, Claim: "slower", Budget: 120}, "A", ""},
	} {
		a := advisor.Advice{
			Site: advisor.Site{Place: advisor.Place{File: "a/a.go", Line: 3}}, Action: "more", Edit: c.edit, Verified: &c.verified,
		}
		r := &advisor.Report{Again: &advisor.Again{Benchmark: c.asked}}
		if next := nextCommand(r, &a); next != c.want {
			t.Errorf("%+v: have %s, want %s", c.verified, next, c.want)
		}
	}
}
