package executor

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Steps are the targets of a plan or a build, each after those that it needs.
type Steps []Step

// order returns the steps of targets in an order in which they can be made.
func order(targets []Target) (Steps, error) {
	maker := make(map[string]int) // of a file
	for i, t := range targets {
		if len(t.Outputs) == 0 || t.Make == nil {
			return nil, errors.New("executor: a Target needs Outputs and Make")
		}
		for _, out := range t.Outputs {
			if _, taken := maker[filepath.Clean(out)]; taken {
				return nil, fmt.Errorf("executor: two targets make %s", out)
			}
			maker[filepath.Clean(out)] = i
		}
	}
	o := ordering{targets: targets, maker: maker, place: make([]int, len(targets))}
	for i := range targets {
		if err := o.visit(i); err != nil {
			return nil, err
		}
	}
	return o.steps, nil
}

// ordering is a depth-first walk from targets to what they need.
type ordering struct {
	targets []Target
	maker   map[string]int
	place   []int // of each target among the steps, from 1; 0: not visited, -1: being visited
	path    []int // those being visited
	steps   Steps
}

func (o *ordering) visit(i int) error {
	if o.place[i] > 0 {
		return nil
	}
	o.path = append(o.path, i)
	if o.place[i] < 0 {
		return o.cycle(i)
	}
	o.place[i] = -1
	step := Step{Target: o.targets[i]}
	after := make(map[int]bool)
	for _, in := range o.targets[i].Inputs {
		m, ok := o.maker[filepath.Clean(in)]
		if !ok || after[m] {
			continue
		}
		after[m] = true
		if err := o.visit(m); err != nil {
			return err
		}
		step.After = append(step.After, o.place[m]-1)
	}
	o.path = o.path[:len(o.path)-1]
	o.steps = append(o.steps, step)
	o.place[i] = len(o.steps)
	return nil
}

// cycle says how a target needs itself.
func (o *ordering) cycle(i int) error {
	var names []string
	for _, t := range o.path {
		if t == i || len(names) > 0 {
			names = append(names, o.targets[t].Outputs[0])
		}
	}
	return fmt.Errorf("executor: a target is made of itself: %s", strings.Join(names, " of "))
}

// String returns the graph, what nothing else needs at the left, below it what it
// is made of. What has appeared already is not unfolded again.
//
//	report.html: counts.json has changed
//	├─ counts.json: up to date
//	│  └─ words.txt
//	└─ style.css
func (s Steps) String() string {
	g := graph{steps: s, maker: make(map[string]int), shown: make([]bool, len(s))}
	needed := make([]bool, len(s))
	for i, step := range s {
		for _, out := range step.Outputs {
			g.maker[filepath.Clean(out)] = i
		}
		for _, a := range step.After {
			needed[a] = true
		}
	}
	for i := range s {
		if !needed[i] {
			g.step(i, "", "")
		}
	}
	return g.text.String()
}

// graph writes steps as a tree.
type graph struct {
	steps Steps
	maker map[string]int
	shown []bool
	text  strings.Builder
}

// step writes a step behind its branch, and what it is made of behind the rest of it.
func (g *graph) step(i int, branch, rest string) {
	step := g.steps[i]
	why := step.Why
	if why == "" {
		why = "up to date"
	}
	fmt.Fprintf(&g.text, "%s%s: %s", branch, strings.Join(step.Outputs, ", "), why)
	if g.shown[i] && len(step.Inputs) > 0 {
		g.text.WriteString(" (see above)\n")
		return
	}
	g.text.WriteByte('\n')
	g.shown[i] = true
	below := make(map[int]bool)
	for n, in := range step.Inputs {
		mark, more := "├─ ", "│  "
		if n == len(step.Inputs)-1 {
			mark, more = "└─ ", "   "
		}
		m, ok := g.maker[filepath.Clean(in)]
		switch {
		case !ok:
			fmt.Fprintf(&g.text, "%s%s%s\n", rest, mark, in)
		case !below[m]:
			below[m] = true
			g.step(m, rest+mark, rest+more)
		}
	}
}
