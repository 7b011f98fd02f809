package report

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// A view is what the template shows: the report with everything that has to be
// worked out.
type view struct {
	Policy   string
	Style    template.CSS
	Script   template.JS
	Report   *advisor.Report
	Headline string
	Warning  string
	Tiles    []tile
	Cards    []card
	Briefs   int      // cards without details
	Kinds    []string // kinds that a card shows, for the legend
	Findings [][]row  // in chunks, each drawn when it comes into sight
	Verdicts []tally
	Rules    []string
	Scatter  *scatter
	Heaviest []advisor.Measured
	Differs  []advisor.Measured
	Source   []excerptView
	Flame    flameData
	Host     string
	Commit   string
	Unseen   string
	Tracing  []command
	Golden   []advisor.Rule
}

// A tile is a figure of the header.
type tile struct{ Label, Figure, Note string }

type tally struct {
	Word string
	N    int
}

// A row is a finding with what the filter looks at.
type row struct {
	advisor.Judged
	Changed bool // the verdict moved the severity
	Chained bool // its chain is shown
}

type excerptView struct {
	Excerpt
	ID   string
	Open bool
}

// chunkSize is about three screens.
const chunkSize = 40

// maxHeaviest is the length of the table beside the scatter.
const maxHeaviest = 60

func newView(p Page) *view {
	r, l := p.Report, parts()
	v := &view{
		Policy: l.policy, Style: template.CSS(l.style), Script: template.JS(l.script), Report: r,
		Warning: warning(r), Host: host(r.Host), Commit: commit(r.Commit), Unseen: unseen(r), Tracing: tracing(r), Golden: advisor.GoldenRule(),
		Scatter: newScatter(r.Classes), Flame: grouped(p.Flame, r),
	}
	excerpts := make(map[string]string)
	for i, x := range p.Source {
		id := fmt.Sprintf("source-%d", i+1)
		excerpts[x.Package+"."+x.Function] = id
		v.Source = append(v.Source, excerptView{x, id, i < 2})
	}
	v.Cards, v.Kinds = newCards(r, excerpts)
	v.Briefs = max(len(v.Cards)-fullCards, 0)
	v.Headline = headline(r)
	v.Tiles = tiles(r, v.Cards)
	v.findings(r)
	v.functions(r)
	return v
}

func (v *view) findings(r *advisor.Report) {
	var rows []row
	numbers := make(map[string]int)
	for _, f := range byVerdict(r.Findings) {
		rows = append(rows, row{f, f.Was != "" && f.Was != f.Severity, len(rows) < fullFindings})
		numbers[f.Verdict]++
		if !slices.Contains(v.Rules, f.Rule) {
			v.Rules = append(v.Rules, f.Rule)
		}
	}
	v.Findings = slices.Collect(slices.Chunk(rows, chunkSize))
	slices.Sort(v.Rules)
	for _, word := range verdictOrder {
		if n := numbers[word]; n > 0 {
			v.Verdicts = append(v.Verdicts, tally{word, n})
		}
	}
}

func (v *view) functions(r *advisor.Report) {
	v.Heaviest = heaviestFirst(r.Classes)
	for _, m := range v.Heaviest {
		if m.Differs != "" {
			v.Differs = append(v.Differs, m)
		}
	}
	v.Heaviest = v.Heaviest[:min(maxHeaviest, len(v.Heaviest))]
}

func headline(r *advisor.Report) string {
	if isRun(r) {
		return "What concurlint run measured. It asks for no change of the source."
	}
	all := todo(r)
	if len(all) == 0 {
		return "Nothing to do: " + whyNothing(r) + "."
	}
	verb, which := " are", "what saves most "
	if len(all) == 1 {
		verb, which = " is", "it "
	}
	text := count(len(all), "change") + verb + " worth making"
	if a := all[0].advice; a != nil && middle(a.Gain) > 1 {
		brings := "may bring "
		if v := a.Verified; v != nil && v.Claim == "faster" && a.Gain == v.Throughput.Span {
			brings = "brings "
		}
		text += "; " + which + brings + span(a.Gain, factor) + " the throughput of its work"
	}
	return text + "."
}

// warning is what makes the figures less than they seem.
func warning(r *advisor.Report) string {
	var words []string
	if r.Host.Overcommit >= overcommitted {
		words = append(words, fmt.Sprintf("The host was overcommitted %s: waits and running times that the scheduler took are given as ranges.", factor(r.Host.Overcommit)))
	}
	if len(r.Profiles) > 0 && r.Matched < 0.9 {
		words = append(words, fmt.Sprintf("Only %s of the program's own time was found in this source.", percent(r.Matched)))
	}
	if r.Commit != nil && r.Commit.Behind > 0 {
		words = append(words, fmt.Sprintf("The recording is %s behind the work tree.", count(r.Commit.Behind, "commit")))
	}
	return strings.Join(words, " ")
}

func tiles(r *advisor.Report, cards []card) []tile {
	list := []tile{{"sites", thousands(int64(len(cards))), "ranked by time at stake"}}
	confirmed := 0
	for _, f := range r.Findings {
		if f.Verdict == advisor.Confirmed {
			confirmed++
		}
	}
	list = append(list, tile{"findings confirmed", thousands(int64(confirmed)), "of " + thousands(int64(len(r.Findings)))})
	if len(r.Profiles) > 0 {
		p := r.Profiles[0]
		list = append(list,
			tile{"recorded", duration(p.Seconds), count(len(r.Profiles), "recording") + ", " + count(int(samples(r)), "sample")},
			tile{"matched", percent(r.Matched), "of the program's own time"})
	}
	if h := r.Host; h.Cores > 0 {
		note := "had them to itself"
		switch {
		case h.Overcommit >= overcommitted:
			note = "overcommitted " + factor(h.Overcommit)
		case h.Overcommit == 0:
			note = "overcommit not known"
		}
		list = append(list, tile{"cores", thousands(int64(h.Cores)), note},
			tile{"busy", percent(h.Busy), percent(h.GC) + " of it in the collector"})
	}
	return list
}

// word keeps a value that becomes part of a class attribute to the words that
// the style sheet knows; others would be names of the recording's choice.
func word(s string) string {
	if _, ok := known[s]; ok {
		return s
	}
	return "other"
}

var known = func() map[string]bool {
	m := make(map[string]bool)
	for _, s := range strings.Fields("cpu io mixed light unknown coordination lock memory " +
		"net file proc cgo sleep chan wait submit syscall idle runnable " +
		"confirmed refuted cold nodata error warning note faster slower same unclear") {
		m[s] = true
	}
	return m
}()
