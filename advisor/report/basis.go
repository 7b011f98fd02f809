package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// basis is what the figures rest on: host, recordings, the state of the source.
func (s *screen) basis(r *advisor.Report) {
	if len(r.Profiles)+len(r.Notes)+len(r.Errors) == 0 {
		return
	}
	s.title("Evidence")
	put := func(label, text string) { s.labelled(2, 10, faint, label, text) }
	put("host", host(r.Host))
	for i, p := range r.Profiles {
		put(first(i, "read"), recording(p))
		for _, n := range p.Notes {
			put("", n)
		}
	}
	if len(r.Profiles) > 0 {
		put("matched", percent(r.Matched)+" of the program's own time was found in this source")
	}
	put("ranked", r.Evidence)
	put("commit", commit(r.Commit))
	for i, n := range r.Notes {
		put(first(i, "notes"), n)
	}
	for i, text := range causes(r.Errors) {
		put(first(i, "errors"), text)
	}
}

// causes are the errors, one for each that differs in more than places and import
// paths: what one missing module or one missing network breaks is much.
func causes(errs []advisor.Problem) []string {
	var list, shapes []string
	var more []int
	for _, p := range errs {
		words := strings.Fields(p.Message)
		for j, w := range words {
			if strings.ContainsAny(w, "/.") {
				words[j] = "/"
			}
		}
		shape := strings.Join(words, " ")
		if i := slices.Index(shapes, shape); i >= 0 {
			more[i]++
			continue
		}
		text := p.Message
		if !strings.Contains(text, p.Package) {
			text = p.Package + ": " + text
		}
		list, shapes, more = append(list, text), append(shapes, shape), append(more, 0)
	}
	for i, n := range more {
		if n > 0 {
			list[i] += fmt.Sprintf(" (and %d more like it; -format json has them)", n)
		}
	}
	return list
}

func host(h advisor.Host) string {
	if h == (advisor.Host{}) {
		return ""
	}
	words := []string{"cores not known"}
	if h.Cores > 0 {
		words[0] = count(h.Cores, "core")
	}
	switch {
	case h.Overcommit >= overcommitted:
		words = append(words, fmt.Sprintf("overcommitted %s: times that the scheduler took are ranges", factor(h.Overcommit)))
	case h.Overcommit > 0:
		words = append(words, "to itself ("+factor(h.Overcommit)+")")
	}
	if h.Busy > 0 {
		words = append(words, percent(h.Busy)+" busy")
	}
	if h.Queued >= longQueue {
		words = append(words, "who was ready waited "+duration(h.Queued)+" for a core")
	}
	if h.GC > 0 {
		words = append(words, percent(h.GC)+" of the CPU time in the collector"+lessGarbage(h.GC))
	}
	return strings.Join(words, ", ")
}

// lessGarbage is what comes before more workers where the collector takes a good part
// of the computing.
func lessGarbage(share float64) string {
	if share < advisor.DefaultThresholds.GCBound {
		return ""
	}
	return ": less garbage, or a larger GOGC where there is memory for it, comes before more workers"
}

// longQueue is from how many seconds in the run queue on it is worth a word: twenty
// times what it takes to wake a goroutine up.
const longQueue = 100e-6

// overcommitted is the ratio of scheduler time to CPU time from which on
// figures taken from the scheduler mislead: measured beside busy processes they
// were too long by this factor and more.
const overcommitted = 1.5

func recording(p advisor.Profile) string {
	text := fmt.Sprintf("%s (%s", p.Name, p.Format)
	if p.Test {
		text += ", from a test binary"
	}
	text += ")"
	if p.Seconds > 0 {
		text += ", " + duration(p.Seconds)
	}
	return text + ", " + count(int(p.Samples), "sample") + ", " + percent(p.Matched) + " matched"
}

func commit(c *advisor.Commit) string {
	if c == nil {
		return ""
	}
	if c.Hash == "" {
		return fmt.Sprintf("the work tree, %s of the weight fits it", percent(c.Fits))
	}
	if c.Ref != "" {
		return fmt.Sprintf("%.12s in %s fits best (%s of the weight); the work tree (%s) does not contain it", c.Hash, c.Ref, percent(c.Fits), percent(c.Here))
	}
	return fmt.Sprintf("%.12s fits best (%s of the weight), %s behind the work tree (%s)",
		c.Hash, percent(c.Fits), count(c.Behind, "commit"), percent(c.Here))
}

func (s *screen) goldenRule() {
	s.title("The golden rule")
	for _, r := range advisor.GoldenRule() {
		s.labelled(2, 0, nil, "", r.Work)
		when := r.When
		if !r.Measured {
			when += " (yours to know: no recording shows it, so it is not advised)"
		}
		s.labelled(4, 10, faint, "when", when)
		s.labelled(4, 10, faint, "on", r.Executor+": "+r.Size)
		s.labelled(4, 10, faint, "never on", r.Never)
	}
}
