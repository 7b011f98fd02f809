package advisor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// Advise joins what the recordings say with what the analyzers found: a verdict
// for each finding, advice for each site that is worth a word, and the measured
// class of each function with enough weight.
//
// It reads no files, changes neither argument, and answers the same for the same
// input: nothing depends on the order of a map.
func Advise(lint *Lint, ev *profile.Evidence, opts Options) *Report {
	a := analyze(lint, ev, opts)
	r := &Report{
		Version:  1,
		Host:     a.host,
		Evidence: a.basis.text,
		Unseen:   a.basis.unseen(),
		Seconds:  a.basis.seconds,
		Profiles: a.profiles(),
		Errors:   lint.Errors,
	}
	r.Matched, r.Commit = a.fits()
	r.Findings = a.verdicts()
	r.Advice = a.advice(r.Findings)
	a.chains(r.Advice)
	r.Classes = a.measured()
	r.Notes = a.notes(r)
	if r.Errors == nil {
		r.Errors = []Problem{}
	}
	return r
}

// profiles are the recordings, each with its share of own weight that was found.
func (a *analysis) profiles() []Profile {
	list := make([]Profile, 0, len(a.basis.recordings))
	for i, r := range a.basis.recordings {
		lasted := r.Duration.Seconds()
		if r.Format == profile.Goroutines {
			lasted = 0 // the basis has a second for each
		}
		list = append(list, Profile{
			Name:    strings.Join(r.Names, ", "),
			Format:  string(r.Format),
			Seconds: lasted,
			Samples: r.Samples,
			Matched: a.shares[i].matched(),
			Test:    r.Test,
			Notes:   r.Notes,
		})
	}
	return list
}

// fits is the share of the program's own weight that was found by name, and by
// start line in the source as it is now. Recordings count by their samples:
// their units differ. The millions of objects in a heap profile count only where
// nothing else has any of the program.
func (a *analysis) fits() (matched float64, commit *Commit) {
	var own, found, dated, same float64
	timed := false
	for i, s := range a.shares {
		timed = timed || s.own > 0 && a.basis.recordings[i].timed()
	}
	for i, s := range a.shares {
		if s.own == 0 || timed && !a.basis.recordings[i].timed() {
			continue
		}
		n := float64(max(1, a.basis.recordings[i].Samples))
		own += n
		found += n * s.matched()
		dated += n * s.dated / s.own
		same += n * s.same / s.own
	}
	if dated > 0 {
		here := same / dated
		commit = &Commit{Fits: here, Here: here}
	}
	return ratio(found, own), commit
}

// goodMatch is the share of own weight that recordings of the same program are
// joined by; less has a reason that the reader wants to know.
const goodMatch = 0.9

// notes are what a reader has to know before the figures.
func (a *analysis) notes(r *Report) []string {
	notes := slices.Clone(a.ev.Notes)
	if notes == nil {
		notes = []string{}
	}
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	own := false
	for i := range r.Profiles {
		own = own || a.shares[i].own > 0
	}
	module := a.lint.Module.Path
	switch {
	case len(r.Profiles) == 0:
		add("there is no recording")
	case !own:
		add("no recording has a function of %s: they are of another program", module)
	case r.Matched < goodMatch && len(a.ev.Operations) > 0:
		add("the benchmarks spent only %s of their time in the source that was linted, the rest in test files or packages beside it", percent(r.Matched))
	case r.Matched < goodMatch:
		add("only %s of the program's own time was found in the source: it is of another version, or not all packages were linted", percent(r.Matched))
	}
	if a.join.alias != "" {
		add("the recordings call the module %s: its functions were joined with those of %s", a.join.alias, module)
	}
	if a.host.Cores == 0 && len(r.Profiles) > 0 {
		add("the recordings do not say how many cores there were: sizes are for one")
	}
	if a.late() {
		add("%s: waits are ranges, and sizes rest on their lower ends", a.shared())
	}
	if a.crowded {
		add("system calls and C code kept the cores busy: what they took beyond their CPU time is taken for waiting for a core")
	}
	if n := a.observations(); len(r.Profiles) > 0 && !a.enough() && (n > 0 || !a.basis.knows.leaks) {
		add("too few observations (%d) to say anything: record for longer or under load", n)
	}
	return notes
}
