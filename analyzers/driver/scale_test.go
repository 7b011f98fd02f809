//go:build unix

package driver_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A shape is a kind of program that can be made in any size.
type shape struct {
	name  string
	sizes []int
	write func(b *testing.B, p *program, size int)
}

var shapes = []shape{
	{"packages", []int{10, 100, 1000, 5000}, writePackages},
	{"lines-of-a-function", []int{2500, 5000, 10000, 20000}, writeFunction},
	{"functions-of-a-package", []int{2000, 8000, 32000}, writePackage}, // of 12.5 lines: 25, 100 and 400 KLOC
	{"depth-of-calls", []int{1250, 2500, 5000, 10000}, writeChain},
	{"implementations", []int{1250, 2500, 5000, 10000}, writeImplementations},
}

// BenchmarkScale works out how the CPU time of a run that knows nothing of the
// module's own packages grows with their size: it is as size to the power of the
// exponent, which should be 1. From 2 on, something is done for every pair.
//
//	go test ./analyzers/driver -run - -bench Scale/NAME -benchtime 1x -timeout 0
func BenchmarkScale(b *testing.B) {
	for _, s := range shapes {
		b.Run(s.name, func(b *testing.B) {
			var xs, ys []float64
			for _, size := range s.sizes {
				p := &program{dir: b.TempDir(), rand: rand.New(rand.NewPCG(1, uint64(size)))}
				p.write(b, "go.mod", "module example.com/edited\n\ngo 1.26\n")
				s.write(b, p, size)
				best := time.Duration(math.MaxInt64)
				for i := range b.N {
					cfg := configure(p.dir, outside, "scale")
					cfg.Options = fmt.Sprint(p.dir, i) // no run knows what another one has found
					start := processTime(b)
					if res := run(b, cfg); len(res.Problems) > 0 {
						b.Fatal(res.Problems[0])
					}
					best = min(best, processTime(b)-start)
				}
				xs, ys = append(xs, math.Log(float64(size))), append(ys, math.Log(best.Seconds()))
				b.ReportMetric(best.Seconds(), fmt.Sprintf("s/%d", size))
			}
			n := len(xs)
			b.ReportMetric(slope(xs, ys), "exponent")
			b.ReportMetric(slope(xs[n-2:], ys[n-2:]), "exponent-at-end") // past what is the same for every size
			b.ReportMetric(0, "ns/op")
		})
	}
}

// processTime is the CPU time of this process, that of the go command left out.
func processTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// slope of the line that fits best.
func slope(xs, ys []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i, x := range xs {
		sx, sy, sxx, sxy = sx+x, sy+ys[i], sxx+x*x, sxy+x*ys[i]
	}
	n := float64(len(xs))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// body is a function as they are: some compute, some wait, some lock, and most
// call another.
func body(r *rand.Rand, name, callee string) string {
	wait := waits[r.IntN(len(waits))]
	return fmt.Sprintf(`
func %s(list []int, t *T) (n int) {
	for _, x := range list {
		if x > %d {
			n += x
		}
	}
	%s
	t.mu.Lock()
	defer t.mu.Unlock()
	%s
	return n
}
`, name, r.IntN(100), wait, callee)
}

const head = `package %s

import (
	"os"
	"sync"
	"time"
%s)

var _ = os.Args
var _ time.Duration

type T struct{ mu sync.Mutex }
`

// writePackages makes packages of which few are imported by many, and which
// import five others each, as the packages of large modules do.
func writePackages(b *testing.B, p *program, size int) {
	for i := range size {
		imports, calls := "", make([]string, 10)
		seen := make(map[int]bool)
		for j := range min(i, 5) {
			// The square prefers low numbers.
			if of := int(math.Pow(p.rand.Float64(), 2) * float64(i)); !seen[of] {
				seen[of] = true
				imports += fmt.Sprintf("\t\"example.com/edited/p%d\"\n", of)
				calls[j] = fmt.Sprintf("p%d.F%d(list, new(p%d.T))", of, p.rand.IntN(10), of)
			}
		}
		var text strings.Builder
		fmt.Fprintf(&text, head, fmt.Sprintf("p%d", i), imports)
		for j, call := range calls {
			text.WriteString(body(p.rand, fmt.Sprintf("F%d", j), call))
		}
		p.write(b, fmt.Sprintf("p%d/a.go", i), text.String())
	}
}

// writeFunction makes one function of so many lines, with everything in it that
// is looked at.
func writeFunction(b *testing.B, p *program, size int) {
	var text strings.Builder
	fmt.Fprintf(&text, head, "one", "")
	text.WriteString("\nfunc step(int) int { time.Sleep(1); return 1 }\n\nfunc Long(list []int, c chan int, t *T) (n int) {\n")
	blocks := []string{
		"\tv%d := step(n)\n\tn += v%[1]d\n",
		"\tfor i, x := range list {\n\t\tn += x * (i + %d)\n\t}\n",
		"\tif n == %d {\n\t\tn = step(n)\n\t}\n",
		"\tt.mu.Lock()\n\tn += step(%d)\n\tt.mu.Unlock()\n",
		"\tgo func() { c <- %d }()\n",
		"\tselect {\n\tcase n = <-c:\n\tcase c <- %d:\n\t}\n",
		"\tf%d := func() int { return n }\n\tn += f%[1]d()\n",
	}
	for lines := 0; lines < size; {
		block := blocks[p.rand.IntN(len(blocks))]
		fmt.Fprintf(&text, block, lines)
		lines += strings.Count(block, "\n")
	}
	text.WriteString("\treturn n\n}\n")
	p.write(b, "a.go", text.String())
}

// writePackage makes one package, of files with 100 functions.
func writePackage(b *testing.B, p *program, size int) {
	for first := 0; first < size; first += 100 {
		var text strings.Builder
		if fmt.Fprintf(&text, head, "one", ""); first > 0 {
			text.Reset()
			text.WriteString("package one\n\nimport (\n\t\"os\"\n\t\"time\"\n)\n\nvar _ = os.Args\nvar _ time.Duration\n")
		}
		for i := first; i < first+100; i++ {
			text.WriteString(body(p.rand, fmt.Sprintf("F%d", i), fmt.Sprintf("F%d(list, t)", p.rand.IntN(size))))
		}
		p.write(b, fmt.Sprintf("a%d.go", first), text.String())
	}
}

// writeChain makes functions that call each other down to one that waits, in an
// order that has nothing to do with it.
func writeChain(b *testing.B, p *program, size int) {
	var text strings.Builder
	fmt.Fprintf(&text, head, "one", "")
	for _, i := range p.rand.Perm(size) {
		call := fmt.Sprintf("f%d()", i+1)
		if i == size-1 {
			call = "time.Sleep(time.Second)"
		}
		fmt.Fprintf(&text, "\nfunc f%d() { %s }\n", i, call)
	}
	text.WriteString("\nfunc (t *T) Save() { t.mu.Lock(); defer t.mu.Unlock(); f0() }\n")
	p.write(b, "a.go", text.String())
}

// writeImplementations makes so many types with the methods of one interface,
// and a tenth as many functions that call through it.
func writeImplementations(b *testing.B, p *program, size int) {
	var text strings.Builder
	fmt.Fprintf(&text, head, "one", "")
	text.WriteString("\ntype doer interface{ Do() error; Name() string }\n\ntype Saver interface{ Save([]byte) error }\n")
	for i := range size {
		fmt.Fprintf(&text, "\ntype t%d struct{ n int }\n\nfunc (t *t%[1]d) Do() error { time.Sleep(1); return nil }\n\nfunc (t *t%[1]d) Name() string { return \"\" }\n\n"+
			"func (t t%[1]d) Save(b []byte) error { return os.WriteFile(\"f\", b, 0o666) }\n", i)
		if i%10 == 0 {
			fmt.Fprintf(&text, "\nfunc call%d(t *T, d doer, s Saver) {\n\tt.mu.Lock()\n\tdefer t.mu.Unlock()\n\td.Do()\n\ts.Save(nil)\n}\n", i)
		}
	}
	p.write(b, "a.go", text.String())
}
