package verify

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/concurlint/concurlint/advisor/bench"
	"github.com/concurlint/concurlint/advisor/edit"
)

// programs are the test binaries of both sides. An edit of a number alone leaves
// one binary for both.
type programs struct {
	present, proposed *bench.Binary
	base              map[bool]float64
	results           int // benchmarks that a run measures, those within benchmarks counted
}

// build compiles both sides of an edit in package pkg, into dir.
func build(ctx context.Context, dir, root, pkg string, e *edit.Edit, t bench.Target) (*programs, error) {
	p := &programs{base: make(map[bool]float64)}
	var err error
	if p.present, err = one(ctx, t, pkg, filepath.Join(dir, "present")); err != nil {
		return nil, err
	}
	t.Packages = []string{p.present.Package}
	if p.proposed, err = overlaid(ctx, filepath.Join(dir, "proposed"), root, e, t); err != nil {
		return nil, err
	}
	if !e.Structural {
		// The same code at the same addresses: what differs is the size alone.
		p.present = p.proposed
	}
	return p, nil
}

// overlaid compiles an edit of the module at root, into dir. The tree is not touched.
func overlaid(ctx context.Context, dir, root string, e *edit.Edit, t bench.Target) (*bench.Binary, error) {
	files := dir + ".overlay"
	if err := os.Mkdir(files, 0o777); err != nil {
		return nil, err
	}
	overlay := make(map[string]string)
	for name, f := range e.Files {
		file := filepath.Join(files, fmt.Sprintf("%d.go", len(overlay)))
		if err := os.WriteFile(file, f.After, 0o666); err != nil {
			return nil, err
		}
		overlay[filepath.Join(root, filepath.FromSlash(name))] = file
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, err
	}
	t.Overlay = filepath.Join(files, "overlay.json")
	if err := os.WriteFile(t.Overlay, text, 0o666); err != nil {
		return nil, err
	}
	b, err := one(ctx, t, "", dir)
	if err != nil {
		// The compiler names the files of the overlay.
		text := err.Error()
		for name, file := range overlay {
			text = strings.ReplaceAll(text, file, name)
		}
		return nil, fmt.Errorf("with the edit, %s", text)
	}
	return b, nil
}

// one builds the package that has the benchmark. Of several, it is the one that the
// edit is in: its benchmarks are the nearest to the place.
func one(ctx context.Context, t bench.Target, pkg, to string) (*bench.Binary, error) {
	if err := os.Mkdir(to, 0o777); err != nil {
		return nil, err
	}
	list, err := bench.Build(ctx, t, to)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(list, func(b *bench.Binary) bool { return b.Package == pkg }); i >= 0 {
		return list[i], nil
	}
	if len(list) > 1 {
		return nil, fmt.Errorf("%s is in %s and %s: name one package", t.Match, list[0].Package, list[1].Package)
	}
	return list[0], nil
}

// env is the environment that gives an arm its size.
func (p *programs) env(a arm) []string {
	if !a.proposed || a.size == 0 {
		return []string{edit.SizeVar + "="}
	}
	return []string{edit.SizeVar + "=" + strconv.Itoa(a.size)}
}

// measure runs an arm. CPU time is of the whole process, so the CPU time of a
// process that does one operation is taken off; what is left is of n more.
func (p *programs) measure(ctx context.Context, a arm, n int) (sample, error) {
	b := p.present
	if a.proposed {
		b = p.proposed
	}
	run, err := b.Run(ctx, bench.Options{Benchtime: strconv.Itoa(n) + "x", Env: p.env(a)})
	if err != nil {
		return sample{}, err
	}
	s := sample{cpu: math.NaN(), took: run.Wall}
	for _, r := range run.Results {
		s.wall += r.PerOp
	}
	if s.wall <= 0 {
		return sample{}, fmt.Errorf("%s: an operation of %s takes no time: let it do its work b.N times", b.Package, b.Match)
	}
	s.rate, s.unit = throughput(run.Results)
	if base, ok := p.base[a.proposed]; ok && n > 1 {
		s.cpu = (run.CPU.Seconds() - base) / float64(n)
	} else if n == 1 {
		s.cpu = run.CPU.Seconds()
	}
	return s, nil
}

// setUp measures what a process costs beside its operations.
func (p *programs) setUp(ctx context.Context, size int) error {
	const runs = 3
	for _, proposed := range []bool{false, true} {
		b := p.present
		if proposed {
			b = p.proposed
		}
		var costs []float64
		for range runs {
			run, err := b.Run(ctx, bench.Options{Benchtime: "1x", Env: p.env(arm{proposed, size})})
			if err != nil {
				return err
			}
			p.results = len(run.Results)
			costs = append(costs, run.CPU.Seconds())
		}
		slices.Sort(costs)
		p.base[proposed] = costs[runs/2]
	}
	return nil
}

// operations is the unit of throughput where the benchmark measures none of its own.
const operations = "operations a second"

// throughput is what the benchmarks of a run did in a second: by the rate that they
// report, if all report the same, else in operations. Each counts for the time that
// it takes.
func throughput(list []bench.Result) (rate float64, unit string) {
	own := list[0].Unit
	if slices.ContainsFunc(list, func(r bench.Result) bool { return r.Unit != own }) {
		own = ""
	}
	var work, seconds float64
	for _, r := range list {
		did := 1.0
		if own != "" {
			did = r.Rate * r.PerOp
		}
		work, seconds = work+did, seconds+r.PerOp
	}
	return work / seconds, cmp.Or(own, operations)
}
