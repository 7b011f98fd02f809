package report

import (
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// A command is what to type, and what it is for.
type command struct{ Line, For string }

// unseen says what the report cannot speak of, "" if its recordings tell of all.
func unseen(r *advisor.Report) string {
	if len(r.Unseen) == 0 || len(r.Profiles) == 0 || isRun(r) {
		return ""
	}
	return enumerated(r.Unseen) + ": no recording shows them; an execution trace with the CPU profile on does"
}

// enumerated is "a, b and c".
func enumerated(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// tracing are the commands that record what is unseen. Who recorded by them has been
// told why a part is missing.
func tracing(r *advisor.Report) []command {
	words := []string{"concurlint", "advise"}
	if how := r.Again; how != nil {
		if slices.Contains(how.Args, "-collect") || slices.Contains(how.Args, "-bench") {
			return nil
		}
		if i := slices.Index(how.Args, "-C"); i >= 0 {
			words = append(words, "-C", shell(how.Args[i+1]))
		}
	}
	start := strings.Join(words, " ")
	list := []command{
		{start + " -collect 30s localhost:6060", "a running program that serves net/http/pprof"},
		{start + " -bench . ./...", "its benchmarks"},
	}
	if slices.ContainsFunc(r.Profiles, func(p advisor.Profile) bool { return p.Test }) {
		return list[1:]
	}
	return list
}

// silence is what is not known, and how to learn it.
func (s *screen) silence(r *advisor.Report) {
	text := unseen(r)
	if text == "" {
		return
	}
	s.title("Not known")
	s.labelled(2, 0, nil, "", text)
	for _, c := range tracing(r) {
		s.line("  ", s.paint(faint, "next"), "      ", clean(c.Line))
		s.labelled(12, 0, faint, "", "records "+c.For)
	}
}
