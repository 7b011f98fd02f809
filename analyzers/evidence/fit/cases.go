package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/concurlint/concurlint/analyzers/evidence"
)

// The case files say which severity certain signals make together, and the fit is
// bound to that: what labels teach beyond it has to become a signal, or a case has to
// change with the code that taught it as the reason.

// A bound is what the points of some signals must come to.
type bound struct {
	severity      string
	hits          []int
	least, beyond float64 // log-odds
}

// binding is how hard a unit outside a bound is punished: more than any label.
const binding = 1e4

// slack is how far inside a bound the sum must be for each signal, for the points are
// rounded.
const slack = 0.5 / evidence.Scale

// readCases returns the bounds of each rule. A row has rule, severity and signals;
// the severity "shown" is that of a finding that is a note at most.
func readCases(file string, list []*model) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 {
			continue // the heading
		}
		if len(f) < 3 {
			return fmt.Errorf("%s:%d: want rule, severity and signals", file, i+1)
		}
		j := slices.IndexFunc(list, func(m *model) bool { return m.rule == f[0] })
		b, ok := spans[f[1]]
		if j < 0 || !ok {
			return fmt.Errorf("%s:%d: no rule %s or severity %s", file, i+1, f[0], f[1])
		}
		m := list[j]
		b.severity, b.hits = f[1], m.indexes(strings.Split(f[2], ","))
		m.bounds = append(m.bounds, b)
	}
	return nil
}

// spans are the log-odds of each severity.
var spans = map[string]bound{
	"error":   {least: odds(evidence.Certain), beyond: math.Inf(1)},
	"warning": {least: odds(evidence.Sure), beyond: math.Inf(1)},
	"note":    {least: odds(evidence.Quarter), beyond: odds(evidence.Sure)},
	"shown":   {least: odds(evidence.Quarter), beyond: math.Inf(1)},
	"silent":  {least: math.Inf(-1), beyond: odds(evidence.Quarter)},
}

func odds(confidence float64) float64 { return math.Log(confidence / (1 - confidence)) }

// outside is how far the sum of w is from what b allows, with its sign.
func (b bound) outside(w []float64, without int) float64 {
	x, room := sum(w, b.hits, without), slack*float64(len(b.hits))
	return min(0, x-b.least-room) + max(0, x-b.beyond+room)
}

// printBounds prints the bounds that are active, those that hold the points most
// first. The pull is what the labels and the prior gain for each point that the bound
// gives way: the sum of the weights of all labels that it stands against. The last
// columns are the log-loss of repositories that are left out with all bounds, and
// without this one.
func printBounds(out io.Writer, models []*model) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "rule\tseverity\tsignals\tpull\tlog-loss\twithout it")
	for _, m := range models {
		type active struct {
			at   int
			pull float64
		}
		var list []active
		points := m.fit(m.samples, -1)
		for i, b := range m.bounds {
			if x := b.outside(points, -1); x != 0 {
				list = append(list, active{i, math.Abs(binding * x)})
			}
		}
		slices.SortFunc(list, func(a, b active) int { return cmp.Compare(b.pull, a.pull) })
		loss := 0.0
		if len(list) > 0 && len(m.samples) > 0 {
			loss = meanLoss(m.cross(-1))
		}
		for _, a := range list {
			b := m.bounds[a.at]
			var names []string
			for _, h := range b.hits[1:] {
				names = append(names, m.names[h])
			}
			without := *m
			without.bounds = slices.Delete(slices.Clone(m.bounds), a.at, a.at+1)
			fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\t%.4f\t%.4f\n", m.rule, b.severity, strings.Join(names, " "), a.pull, loss, meanLoss(without.cross(-1)))
		}
	}
	w.Flush()
}
