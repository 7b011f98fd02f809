package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A bench is one checkout with the folders that its runs use.
type bench struct {
	dir      string // where the tools run
	original string // the checkout that was named
	work     string // for built tools, caches and copies
	gocache  string // the build cache of the run; empty: the user's
	count    int    // names folders that must be new
}

// A state says what is known before a run.
type state struct {
	name    string
	tools   []string                      // who is measured; empty: everybody
	slow    bool                          // takes the runs of -slow-runs
	prime   bool                          // every tool runs once before, untimed
	prepare func(b *bench, t *tool) error // before every run of a tool
	cleanup func(b *bench) error          // after the state
}

var states = []state{
	{name: "nothing", tools: []string{"go vet", "concurlint", "staticcheck", "golangci-lint"}, slow: true, prepare: (*bench).nothing, cleanup: (*bench).restore},
	{name: "cold", prime: true, prepare: (*bench).cold, cleanup: (*bench).restore},
	{name: "checkout", tools: []string{"concurlint", "go list -deps"}, prime: true, prepare: (*bench).checkout, cleanup: (*bench).restore},
	{name: "edit", prime: true, prepare: (*bench).edit, cleanup: (*bench).unedit},
	{name: "unchanged", prime: true, prepare: func(*bench, *tool) error { return nil }, cleanup: (*bench).restore},
}

// measureState runs every tool in turn, as often as asked, and prints a row for
// each.
func (b *bench) measureState(s state, tools []*tool) error {
	tools = slices.DeleteFunc(slices.Clone(tools), func(t *tool) bool { return s.tools != nil && !slices.Contains(s.tools, t.name) })
	rounds := *runs
	if s.slow {
		rounds = *slowRuns
	}
	costs := make([][]cost, len(tools))
	for round := range rounds + 1 {
		if round == 0 && !s.prime {
			continue
		}
		for i, t := range tools {
			if t.peer && *peerRuns > 0 && round > *peerRuns {
				continue
			}
			if err := s.prepare(b, t); err != nil {
				return err
			}
			c, err := t.run(b)
			if err != nil {
				return err
			}
			if round > 0 {
				costs[i] = append(costs[i], c)
			}
		}
	}
	base := medianOf(costs[0])
	for i, t := range tools {
		c := medianOf(costs[i])
		fmt.Printf("| %s | %s | %d | %.2f | %.2f | %.0f | %s | %s |\n", s.name, t.name, len(costs[i]), c.wall, c.cpu, c.peak,
			ratio(tools[0], c.wall, base.wall), ratio(tools[0], c.cpu, base.cpu))
	}
	return s.cleanup(b)
}

// medianOf takes the median of each column; the peak is the largest.
func medianOf(costs []cost) cost {
	column := func(f func(cost) float64) float64 {
		var values []float64
		for _, c := range costs {
			values = append(values, f(c))
		}
		slices.Sort(values)
		return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
	}
	return cost{
		wall: column(func(c cost) float64 { return c.wall }),
		cpu:  column(func(c cost) float64 { return c.cpu }),
		peak: slices.MaxFunc(costs, func(a, b cost) int { return cmp.Compare(a.peak, b.peak) }).peak,
	}
}

// ratio is nothing where go vet was not measured.
func ratio(first *tool, value, base float64) string {
	if first.name != "go vet" || base == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", value/base)
}

// fresh names a folder that does not exist yet.
func (b *bench) fresh(name string) string {
	b.count++
	return filepath.Join(b.work, fmt.Sprintf("%s%d", name, b.count))
}

func (b *bench) nothing(t *tool) error {
	os.RemoveAll(b.gocache)
	b.gocache = b.fresh("gocache")
	return t.forget(b)
}

func (b *bench) cold(t *tool) error { return t.forget(b) }

// checkout copies the tree, so that every file is new to whoever looks at times
// and paths. The copy before it is removed.
func (b *bench) checkout(*tool) error {
	if b.dir != b.original {
		os.RemoveAll(b.dir)
	}
	os.RemoveAll(b.gocache)
	b.dir, b.gocache = b.fresh("checkout"), b.fresh("gocache")
	return os.CopyFS(b.dir, os.DirFS(b.original))
}

func (b *bench) restore() error {
	os.RemoveAll(b.gocache)
	if b.dir != b.original {
		os.RemoveAll(b.dir)
	}
	b.dir, b.gocache = b.original, ""
	return nil
}

// edit appends a function with a new name to the file as it was.
func (b *bench) edit(*tool) error {
	saved := filepath.Join(b.work, "original.go")
	data, err := os.ReadFile(saved)
	if os.IsNotExist(err) {
		if data, err = os.ReadFile(filepath.Join(b.dir, *edit)); err != nil {
			return err
		}
		err = os.WriteFile(saved, data, 0o644)
	}
	if err != nil {
		return err
	}
	added := fmt.Appendf(bytes.Clone(data), "\n// touched by the benchmark\nfunc statesProbe%d(n int) int {\n\treturn n + 1\n}\n", time.Now().UnixNano())
	return os.WriteFile(filepath.Join(b.dir, *edit), added, 0o644)
}

func (b *bench) unedit() error {
	data, err := os.ReadFile(filepath.Join(b.work, "original.go"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.dir, *edit), data, 0o644)
}
