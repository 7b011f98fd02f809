package report

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// A card is one piece of advice as the page shows it.
type card struct {
	*advisor.Advice
	Rank  int // by time at stake
	Saves int // rank by what is to be saved, the order of the report
	Where int // rank by place
	Todo  bool
	Open  bool
	Brief bool      // without details
	Bar   []segment // what a task's time goes to, as long as its stake
	Parts string    // the same in words
	Costs []cost
	Range *gainRange
	Plot  *curve
	Diff  []diffLine
	Next  string
	Lines string // id of the excerpt of its function, "" if there is none
}

// A segment of a bar, in thousandths of its width.
type segment struct {
	Kind     string
	X, Width float64
	Text     string
}

// A cost is a row of the table of what one task takes.
type cost struct {
	Kind, Text string
	Width      float64 // thousandths of the largest
}

// openCards that are worth doing are unfolded from the start: what fits in a first
// look.
const openCards = 2

// A browser takes seconds over hundreds of thousands of elements. What is beyond
// these, in the order of what is to be saved, is hardly ever unfolded.
const (
	fullCards    = 200
	fullFindings = 500
)

// newCards are the sites ranked by the time at stake, and the kinds of time that
// they show.
func newCards(r *advisor.Report, excerpts map[string]string) ([]card, []string) {
	most := 0.0
	for _, a := range r.Advice {
		most = math.Max(most, a.Stake)
	}
	scale := gainScale(r.Advice)
	seen := make(map[string]bool)
	cards := make([]card, len(r.Advice))
	for i := range r.Advice {
		a := &r.Advice[i]
		c := card{Advice: a, Saves: i + 1, Todo: worthDoing(a), Brief: i >= fullCards, Diff: diffLines(a.Edit),
			Next: nextCommand(r, a), Lines: excerpts[a.Site.Package+"."+a.Site.Function], Range: scale.of(a)}
		if a.Verified != nil {
			c.Plot = newCurve(a)
		}
		shares := taskShares(a.Cost)
		c.Bar, c.Parts = bar(shares, a.Stake/most)
		c.Costs = costs(a.Cost)
		for _, s := range shares {
			seen[word(s.kind)] = true
		}
		cards[i] = c
	}
	rank(cards)
	return cards, slices.SortedFunc(maps.Keys(seen), func(a, b string) int {
		return cmp.Or(cmp.Compare(b2i(b == "cpu"), b2i(a == "cpu")), cmp.Compare(a, b))
	})
}

// atStake is a stake beside its bar, whose legend says what it is of.
func atStake(a *advisor.Advice) string {
	r := ranged(a.StakeRange, a.Stake)
	if r[1] > 1.05 {
		return span(r, digits) + " cores"
	}
	return span(r, percent) + " of the time"
}

// rank sorts cards by the time at stake, and gives each its places in the orders
// that the reader may choose.
func rank(cards []card) {
	slices.SortStableFunc(cards, func(a, b card) int {
		return cmp.Or(cmp.Compare(a.Site.File, b.Site.File), cmp.Compare(a.Site.Line, b.Site.Line), cmp.Compare(a.Saves, b.Saves))
	})
	for i := range cards {
		cards[i].Where = i + 1
	}
	slices.SortStableFunc(cards, func(a, b card) int {
		return cmp.Or(cmp.Compare(b.Stake, a.Stake), cmp.Compare(a.Saves, b.Saves))
	})
	open := 0
	for i := range cards {
		c := &cards[i]
		c.Rank, c.Open = i+1, c.Todo && open < openCards
		open += b2i(c.Open)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

type taskShare struct {
	kind  string
	share float64
}

// taskShares is what a task's time goes to: computing first, then waits by
// size, then the run queue. Idle waits are no cost.
func taskShares(c advisor.Cost) []taskShare {
	list := []taskShare{{"cpu", middle(c.CPU)}}
	for _, k := range slices.Sorted(maps.Keys(c.Wait)) {
		if k != "idle" {
			list = append(list, taskShare{k, middle(c.Wait[k])})
		}
	}
	slices.SortStableFunc(list[1:], func(a, b taskShare) int { return cmp.Compare(b.share, a.share) })
	list = append(list, taskShare{"runnable", middle(c.Runnable)})
	sum := 0.0
	for _, s := range list {
		sum += s.share
	}
	list = slices.DeleteFunc(list, func(s taskShare) bool { return !(s.share > 0) })
	for i := range list {
		list[i].share /= sum
	}
	return list
}

// bar is as long as its stake, but never too short to be seen.
func bar(shares []taskShare, length float64) ([]segment, string) {
	if !(length > 0.02) {
		length = 0.02
	}
	var list []segment
	var words []string
	x := 0.0
	for _, s := range shares {
		w := s.share * length * 1000
		list = append(list, segment{word(s.kind), round(x), round(w), s.kind + " " + percent(s.share)})
		x += w
		if s.share >= 0.05 && len(words) < 3 {
			words = append(words, unbroken(s.kind+" "+percent(s.share)))
		}
	}
	return list, strings.Join(words, " · ")
}

func costs(c advisor.Cost) []cost {
	type part struct {
		kind string
		span advisor.Span
	}
	rows := []part{{"cpu", c.CPU}}
	for _, k := range slices.Sorted(maps.Keys(c.Wait)) {
		rows = append(rows, part{k, c.Wait[k]})
	}
	rows = append(rows, part{"runnable", c.Runnable})
	most := 0.0
	for _, r := range rows {
		most = math.Max(most, middle(r.span))
	}
	var list []cost
	for _, r := range rows {
		if text := span(r.span, duration); text != "" {
			list = append(list, cost{r.kind, text, round(1000 * middle(r.span) / most)})
		}
	}
	return list
}

// unbroken keeps a short text in one line of the page.
func unbroken(text string) string { return strings.ReplaceAll(text, " ", "\u00a0") }

// glued keeps figures with their units in a sentence of the page.
func glued(text string) string {
	list := words(text)
	for i, w := range list {
		list[i] = unbroken(w)
	}
	return strings.Join(list, " ")
}

// round keeps two digits: more is bytes that no screen shows.
func round(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return math.Round(x*100) / 100
}

// A diffLine is a line of a unified diff with what it is: head, hunk, add, del
// or same.
type diffLine struct{ Class, Sign, Text string }

func diffLines(diff string) []diffLine {
	var list []diffLine
	for l := range strings.Lines(diff) {
		l = strings.TrimRight(l, "\n")
		switch {
		case strings.HasPrefix(l, "+++"), strings.HasPrefix(l, "---"):
			list = append(list, diffLine{"head", "", l})
		case strings.HasPrefix(l, "@@"):
			list = append(list, diffLine{"hunk", "", l})
		case strings.HasPrefix(l, "+"):
			list = append(list, diffLine{"add", "+", l[1:]})
		case strings.HasPrefix(l, "-"):
			list = append(list, diffLine{"del", "-", l[1:]})
		default:
			list = append(list, diffLine{"same", " ", strings.TrimPrefix(l, " ")})
		}
	}
	return list
}

// A gainRange draws the expected gain, and the measured one below it, on a
// scale that all cards share, so that they can be compared.
type gainRange struct {
	Ticks              []tick
	Expected           bool // and not measured alone
	X, Width           float64
	Measured           bool
	MX, MWidth, MPoint float64
	Text               string // of what was measured
}

type tick struct {
	At   float64
	Text string
	One  bool // the line at no change
}

type logScale struct{ low, high float64 }

// gainWidth is the width of the drawing; its height is the template's.
const gainWidth = 400

// gainScale holds 1 and all gains, from power of two to power of two.
func gainScale(list []advisor.Advice) logScale {
	s := logScale{0.5, 4}
	for _, a := range list {
		for _, g := range append(a.Gain[:], throughput(a.Verified)...) {
			if g > 0 && !math.IsInf(g, 0) {
				s.low, s.high = math.Min(s.low, g), math.Max(s.high, g)
			}
		}
	}
	clamp := func(x float64) float64 { return math.Min(math.Max(x, 1.0/64), 1024) }
	return logScale{math.Exp2(math.Floor(math.Log2(clamp(s.low)))), math.Exp2(math.Ceil(math.Log2(clamp(s.high))))}
}

// throughput is the change in throughput, low and high and as measured; nil
// without one.
func throughput(v *advisor.Verified) []float64 {
	if v == nil || v.Throughput.Span == (advisor.Span{}) {
		return nil
	}
	t := v.Throughput
	return []float64{t.Span[0], t.Span[1], t.Ratio}
}

func (s logScale) at(x float64) float64 {
	x = math.Min(math.Max(x, s.low), s.high)
	return math.Log(x/s.low) / math.Log(s.high/s.low)
}

func (s logScale) of(a *advisor.Advice) *gainRange {
	m := throughput(a.Verified)
	if a.Gain == (advisor.Span{}) && m == nil {
		return nil
	}
	g := &gainRange{Measured: m != nil}
	if g.Expected = m == nil || a.Gain != a.Verified.Throughput.Span; g.Expected {
		g.X, g.Width = s.stretch(a.Gain[0], a.Gain[1])
	}
	if m != nil {
		g.MX, g.MWidth = s.stretch(m[0], m[1])
		g.MPoint = round(gainWidth * s.at(m[2]))
		g.Text = fmt.Sprintf("%s (%s)", factor(m[2]), span(advisor.Span{m[0], m[1]}, factor))
	}
	step := 2.0
	if s.high/s.low > 256 {
		step = 4
	}
	for x := s.low; x <= s.high; x *= step {
		g.Ticks = append(g.Ticks, tick{round(gainWidth * s.at(x)), factor(x), x == 1})
	}
	return g
}

func (s logScale) stretch(low, high float64) (x, width float64) {
	if !(low > 0) && !(high > 0) {
		return 0, 0
	}
	from, to := gainWidth*s.at(low), gainWidth*s.at(high)
	return round(from), round(math.Max(to-from, 3))
}
