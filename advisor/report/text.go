package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// Options of Text.
type Options struct {
	Color   bool // for a terminal
	Width   int  // in columns; 0 means 80, 40 to 120 are used
	Explain bool // print the golden rule, and everything that is otherwise counted only
}

const (
	// maxAdvice is how much people carry out before they ask again.
	maxAdvice = 5
	// maxFindings and maxDiffers keep a report on two screens.
	maxFindings = 20
	maxDiffers  = 10
	// minWidth is below what the tables can be set in, maxWidth beyond what the
	// eye follows from line to line.
	minWidth, maxWidth = 40, 120
	// itemLabel is the width of the labels of an item.
	itemLabel = 10
)

// Text writes r for people: what is worth doing, worst first, then what became
// of the findings, where source and recording disagree, and what all that
// rests on.
func Text(w io.Writer, r *advisor.Report, opts Options) error {
	if opts.Width == 0 {
		opts.Width = 80
	}
	s := &screen{width: min(max(opts.Width, minWidth), maxWidth), color: opts.Color}
	s.advice(r, opts)
	s.silence(r)
	s.findings(r, opts)
	s.differences(r, opts)
	s.basis(r)
	if opts.Explain {
		s.goldenRule()
	}
	_, err := io.WriteString(w, s.b.String())
	return err
}

func (s *screen) advice(r *advisor.Report, opts Options) {
	if isRun(r) {
		s.ran(r)
		return
	}
	all := todo(r)
	if len(all) == 0 {
		s.labelled(0, 0, nil, "", "nothing to do: "+whyNothing(r))
		s.kept(r, opts)
		return
	}
	shown := all[:min(maxAdvice, len(all))]
	if opts.Explain {
		shown = all
	}
	for i, t := range shown {
		if i > 0 {
			s.line()
		}
		if t.finding != nil {
			s.found(t, i+1)
		} else {
			s.item(r, t.advice, i+1, opts.Explain)
		}
	}
	if more := len(all) - len(shown); more > 0 {
		s.line()
		s.labelled(0, 0, nil, "", fmt.Sprintf("%d more with less at stake; -explain, -html and -format json have them", more))
	}
	if opts.Explain {
		s.kept(r, opts)
	}
}

// reasons are how many sentences of evidence are shown: two carry a decision,
// the page has all.
const reasons = 2

// item is one piece of advice. Evidence is what the advisor named first. The
// edit is long, so it is shown only where all is wanted.
func (s *screen) item(r *advisor.Report, a *advisor.Advice, n int, explain bool) {
	put := func(label, text string) { s.labelled(3, itemLabel, faint, label, text) }
	s.labelled(0, 3, bold, fmt.Sprintf("%d.", n), a.Title)
	s.labelled(3, 0, nil, "", place(a.Site.File, a.Site.Line)+" in "+a.Site.Function)
	put("now", setting(a.Now)+binding(a.Now))
	if to := setting(a.Recommend); to != "" {
		put("better", to)
	}
	for i, because := range a.Because[:min(reasons, len(a.Because))] {
		put(first(i, "evidence"), because)
	}
	if len(a.Chain) > 0 {
		put("chain", chain(a.Chain))
	}
	put("gain", gain(a))
	if a.Verified != nil {
		put("measured", measured(a.Verified))
		if explain && len(a.Verified.Curve) > 0 {
			put("by size", curveText(a.Verified))
		}
		if a.Verified.Written {
			put("written", a.Site.File+" has the edit; run the tests")
		}
	}
	if len(a.Caps) > 0 {
		put("cap", capped(lowestCap(a.Caps)))
	}
	for i, u := range a.Unknown[:min(2, len(a.Unknown))] {
		put(first(i, "unknown"), u)
	}
	if a.Edit != "" {
		for i, n := range a.EditNotes {
			put(first(i, "mind"), n)
		}
	}
	if a.Edit == "" && a.NoEdit != "" {
		put("by hand", a.NoEdit)
	}
	if next := nextCommand(r, a); next != "" {
		s.next(next)
	}
	if explain {
		for _, l := range diffLines(a.Edit) {
			s.line("   ", s.paint(diffTints[l.Class], clean(l.Sign+strings.ReplaceAll(l.Text, "\t", "    "))))
		}
	}
}

var diffTints = map[string]tint{"head": bold, "hunk": cyan, "add": green, "del": red}

// found is a confirmed finding that no advice is about.
func (s *screen) found(t task, n int) {
	f := t.finding
	put := func(label, text string) { s.labelled(3, itemLabel, faint, label, text) }
	s.labelled(0, 3, bold, fmt.Sprintf("%d.", n), f.Message)
	s.labelled(3, 0, nil, "", place(f.File, f.Line)+" in "+f.Function)
	for i, because := range f.Because[:min(reasons, len(f.Because))] {
		put(first(i, "evidence"), because)
	}
	if t.saves > 0 {
		put("at stake", shareOfTime(t.saves))
	}
	s.next("concurlint explain " + shell(f.Rule))
}

// next is a command in one piece, to be copied.
func (s *screen) next(command string) {
	s.line("   ", s.paint(faint, "next"), "      ", clean(command))
}

// lowestCap is the one that is met first; those without a size come last.
func lowestCap(caps []advisor.Cap) advisor.Cap {
	return slices.MinFunc(caps, func(a, b advisor.Cap) int {
		return cmp.Or(cmp.Compare(b2i(a.Size == 0), b2i(b.Size == 0)), cmp.Compare(a.Size, b.Size))
	})
}

func first(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

// binding says what is known of submitters that wait for the limit.
func binding(now advisor.Setting) string {
	text := ""
	if now.InFlight > 0 {
		text = ", " + span(ranged(now.InFlightRange, now.InFlight), digits) + " in flight on average"
	}
	if now.Binds == nil || now.Executor == "unbounded" {
		return text
	}
	if *now.Binds {
		return text + "; the limit binds"
	}
	return text + "; the limit does not bind"
}

func gain(a *advisor.Advice) string {
	text := span(a.Gain, factor)
	switch {
	case a.Latency != (advisor.Span{}):
		text = "each pass " + span(a.Latency, factor) + " shorter, at the same throughput"
	case text == "":
		return "not to be told from the recordings"
	case a.Gain == advisor.Span{1, 1}:
		text = "the same throughput of this work"
	default:
		text += " the throughput of this work"
	}
	if a.Stake > 0 {
		text += "; " + dependence(a)
	}
	return text
}

// fullChain is how many steps of a chain are named; of longer ones the ends are.
const fullChain = 5

// chain names the calls from a site down, and where the last of them is.
func chain(steps []advisor.Link) string {
	var names []string
	for i, l := range steps {
		if skipped := len(steps) - fullChain; skipped > 0 && i >= 2 && i < 3+skipped {
			if i == 2 {
				names = append(names, "…")
			}
			continue
		}
		names = append(names, l.Message)
	}
	last := steps[len(steps)-1]
	text := strings.Join(names, " → ") + " at " + place(last.File, last.Line)
	if last.Share == 0 {
		return text + ", by the source's word"
	}
	return text + ", " + percent(last.Share) + " of its time"
}

// dependence is a stake in words.
func dependence(a *advisor.Advice) string {
	r := ranged(a.StakeRange, a.Stake)
	least, most := shareOfTime(r[0]), shareOfTime(r[1])
	if least == most {
		return most + " depends on it"
	}
	return strings.TrimSuffix(least, " of the recorded time") + " to " + most + " depends on it"
}

// shareOfTime is a stake: computing on several cores takes more than all of the
// time.
func shareOfTime(stake float64) string {
	switch {
	case stake > 1.05:
		return "the time of " + digits(stake) + " cores"
	case stake > 0.995:
		return "all of the recorded time"
	}
	return percent(stake) + " of the recorded time"
}

func capped(c advisor.Cap) string {
	if c.Size == 0 {
		return c.What + ": " + c.Why
	}
	return fmt.Sprintf("%s at %s: %s", c.What, thousands(int64(c.Size)), c.Why)
}
