package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/evidence"
)

// The case files say which severity certain signals make together, and the fit is
// bound to that: what labels teach beyond it has to become a signal, or a case has to
// change with the code that taught it as the reason.

// A bound is what the points of some signals must come to.
type bound struct {
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
		b.hits = m.indexes(strings.Split(f[2], ","))
		m.bounds = append(m.bounds, b)
	}
	return nil
}

// spans are the log-odds of each severity.
var spans = map[string]bound{
	"error":   {nil, odds(evidence.Certain), math.Inf(1)},
	"warning": {nil, odds(evidence.Sure), math.Inf(1)},
	"note":    {nil, odds(evidence.Quarter), odds(evidence.Sure)},
	"shown":   {nil, odds(evidence.Quarter), math.Inf(1)},
	"silent":  {nil, math.Inf(-1), odds(evidence.Quarter)},
}

func odds(confidence float64) float64 { return math.Log(confidence / (1 - confidence)) }

// outside is how far the sum of w is from what b allows, with its sign.
func (b bound) outside(w []float64, without int) float64 {
	x, room := sum(w, b.hits, without), slack*float64(len(b.hits))
	return min(0, x-b.least-room) + max(0, x-b.beyond+room)
}
