package verify

import (
	"bytes"
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/concurlint/concurlint/advisor"
)

// tiny is a module whose limit is far too small: 1 ms sleeps, one at a time.
const tiny = `
-- go.mod --
module example.com/tiny

go 1.24
-- fetch/fetch.go --
package fetch

import (
	"sync"
	"time"
)

// All fetches all of them.
func All(n int) {
	var wg sync.WaitGroup
	places := make(chan struct{}, 1) // limit
	for range n {
		places <- struct{}{}
		wg.Add(1)
		go func() { // site
			defer wg.Done()
			defer func() { <-places }()
			time.Sleep(time.Millisecond)
		}()
	}
	wg.Wait()
}

// Each fetches one by one.
func Each(n int) {
	for range n { // serial
		time.Sleep(time.Millisecond)
	}
}

// Squares starts a goroutine for each.
func Squares(out []int) {
	var wg sync.WaitGroup
	for i := range out {
		wg.Add(1)
		go func() { // start
			defer wg.Done()
			out[i] = i * i
		}()
	}
	wg.Wait()
}

var mu sync.Mutex

// Read looks something up, which takes a while.
func Read() {
	mu.Lock() // lock
	defer mu.Unlock()
	time.Sleep(time.Millisecond)
}
-- fetch/fetch_test.go --
package fetch

import (
	"sync"
	"testing"
)

func BenchmarkAll(b *testing.B) {
	for range b.N {
		All(32)
	}
	b.ReportMetric(float64(32*b.N)/b.Elapsed().Seconds(), "items/s")
}

func BenchmarkFew(b *testing.B) {
	for range b.N {
		All(8)
	}
}

func BenchmarkEach(b *testing.B) {
	for range b.N {
		Each(32)
	}
}

func BenchmarkSquares(b *testing.B) {
	out := make([]int, 1000)
	for range b.N {
		Squares(out)
	}
}

func BenchmarkReaders(b *testing.B) {
	for range b.N {
		var wg sync.WaitGroup
		for range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				Read()
			}()
		}
		wg.Wait()
	}
}

func BenchmarkSkipped(b *testing.B) { b.Skip("needs a server") }

func BenchmarkElsewhere(b *testing.B) {
	n := 0
	for range b.N {
		for i := range 1000 {
			n += i
		}
	}
}
`

func module(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(text)).Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// at is the line with a mark.
func at(t *testing.T, file, mark string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, _, ok := bytes.Cut(text, []byte(mark))
	if !ok {
		t.Fatalf("no %q in %s", mark, file)
	}
	return 1 + bytes.Count(before, []byte("\n"))
}

// request asks for 8 at once where tiny has one.
func request(t *testing.T, dir string) Request {
	file := filepath.Join(dir, "fetch", "fetch.go")
	site := advisor.Site{
		Package: "example.com/tiny/fetch", Function: "All", Via: "go", Executor: "goroutine",
		Place: advisor.Place{File: "fetch/fetch.go", Line: at(t, file, "// site")},
		Limit: advisor.Limit{Class: "semaphore", Text: "1", N: 1, Place: advisor.Place{File: "fetch/fetch.go", Line: at(t, file, "// limit")}},
		Task:  advisor.Task{Class: "io", Effects: []string{"sleep"}},
	}
	return Request{
		Dir: dir, Benchmark: "All", Packages: []string{"./fetch"}, Budget: time.Second,
		Advice: advisor.Advice{Site: site, Action: "more", Recommend: advisor.Setting{Executor: "io", Min: 4, Max: 8}},
	}
}

// serial asks for the same where tiny has a plain loop.
func serial(t *testing.T, dir string) Request {
	req := request(t, dir)
	req.Benchmark = "Each|Squares|Elsewhere"
	req.Advice.Action = "concurrent"
	req.Advice.Site = advisor.Site{
		Via: "range", Executor: "serial", Limit: advisor.Limit{Class: "none"},
		Place: advisor.Place{File: "fetch/fetch.go", Line: at(t, filepath.Join(dir, "fetch", "fetch.go"), "// serial")},
	}
	return req
}

// readers asks for a read lock, in the directory of the package.
func readers(t *testing.T, dir string) Request {
	req := request(t, dir)
	req.Benchmark = "Readers|Elsewhere"
	req.Dir, req.Packages = filepath.Join(dir, "fetch"), nil
	here := advisor.Place{File: "fetch.go", Line: at(t, filepath.Join(dir, "fetch", "fetch.go"), "// lock")}
	req.Advice = advisor.Advice{Action: "lock", Recommend: advisor.Setting{Executor: "readers", Limit: "fetch.mu"}, Site: advisor.Site{
		Executor: "lock", Place: here, Limit: advisor.Limit{Class: "const", Place: here, N: 1},
		Task: advisor.Task{Bodies: []advisor.Body{{File: here.File, Line: here.Line, EndLine: here.Line + 2}}},
	}}
	return req
}

// inPlace asks for no hand-over at all.
func inPlace(t *testing.T, dir string) Request {
	req := request(t, dir)
	req.Benchmark = "Squares|Skipped"
	req.Advice = advisor.Advice{Action: "serial", Recommend: advisor.Setting{Executor: "serial", Min: 1, Max: 1}, Site: advisor.Site{
		Executor: "goroutine", Via: "go", Limit: advisor.Limit{Class: "none"}, Task: advisor.Task{Class: "cpu"},
		Place: advisor.Place{File: "fetch/fetch.go", Line: at(t, filepath.Join(dir, "fetch", "fetch.go"), "// start")},
	}}
	return req
}

// together asks for the limit to be proved on two benchmarks.
func together(t *testing.T, dir string) Request {
	req := request(t, dir)
	req.Benchmark = "All|Few"
	return req
}

// Eight sleeps at once are faster than one, and a product than a goroutine for it, by
// a margin that no load hides. Benchmarks that do not come to the place are left out.
func TestVerify(t *testing.T) {
	for _, c := range []struct {
		name      string
		ask       func(*testing.T, string) Request
		benchmark string // that is measured
		note      string // on the others
	}{
		{"limit", request, "BenchmarkAll", ""},
		{"together", together, "BenchmarkAll, BenchmarkFew", ""},
		{"serial", serial, "BenchmarkEach", "BenchmarkSquares, BenchmarkElsewhere do not come to this place in their code, and are left out"},
		{"readers", readers, "BenchmarkReaders", "BenchmarkElsewhere does not come to this place in its code, and is left out"},
		{"in place", inPlace, "BenchmarkSquares", "BenchmarkSkipped is left out: example.com/tiny/fetch: no figures"},
	} {
		name := c.name
		t.Run(name, func(t *testing.T) {
			dir := module(t, tiny)
			file := filepath.Join(dir, "fetch", "fetch.go")
			before, _ := os.ReadFile(file)
			req := c.ask(t, dir)
			var log []string
			req.Log = func(line string) { log = append(log, line) }
			p, err := Verify(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			if len(log) == 0 || slices.ContainsFunc(log, func(l string) bool { return strings.Contains(l, "\n") }) {
				t.Errorf("log %q: want single lines", log)
			}
			v := p.Verified
			if v.Benchmark != c.benchmark || v.Together != len(strings.Split(c.benchmark, ", ")) || v.Budget != 1 || !strings.Contains(strings.Join(v.Notes, "\n"), c.note) {
				t.Errorf("%+v: want it of %s, with the note %q", v, c.benchmark, c.note)
			}
			sized := req.Advice.Recommend.Max > 1
			if v.Claim != Faster || v.Wall.Span[1] >= 1 || v.Wall.P >= alpha || sized && v.Size < 2 || p.Edit == nil {
				t.Fatalf("%+v %s: want it faster, with an edit", v, p.NoEdit)
			}
			if sized && len(v.Curve) == 0 || v.Runs < leastRuns || v.Noise <= 0 {
				t.Errorf("%+v: want a curve, and the noise", v)
			}
			unit := map[string]string{"limit": "items/s"}[name]
			if r := v.Throughput; v.Unit != cmp.Or(unit, operations) || r.Span[0] <= 1 || r.Ratio < r.Span[0] || r.Ratio > r.Span[1] || r.P >= alpha {
				t.Errorf("%+v in %s: want more throughput", r, v.Unit)
			}
			for _, p := range v.Curve {
				if told := p.Span != (advisor.Span{}); p.Runs == 0 || told && (p.Runs < 6 || p.Ops < p.Span[0] || p.Ops > p.Span[1]) {
					t.Errorf("%+v: want an interval around the median, of six runs at least, or none", p)
				}
			}
			if now, _ := os.ReadFile(file); !bytes.Equal(before, now) {
				t.Error("verification changed the tree")
			}
			apply(t, p, file)
		})
	}
}

func apply(t *testing.T, p *Proof, file string) {
	want := p.Edit.Files["fetch/fetch.go"].After
	if err := p.Apply(); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(file)
	st, err := os.Stat(file)
	if err != nil || !bytes.Equal(text, want) || st.Mode().Perm() != 0o640 {
		t.Errorf("%v, mode %v, text:\n%s", err, st.Mode(), text)
	}
	if names, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(names) != 2 {
		t.Errorf("%v: want nothing beside the files", names)
	}
	if err := p.Apply(); err == nil || !strings.Contains(err.Error(), "has changed since it was verified") {
		t.Errorf("applied twice: %v", err)
	}
}

func TestRefused(t *testing.T) {
	dir := module(t, tiny)
	for _, c := range []struct {
		name   string
		change func(*Request)
		want   string
	}{
		{"nothing found", func(r *Request) { r.Advice.Site.Limit.Line = 3 }, "is not found at fetch/fetch.go:3"},
		{"no file", func(r *Request) { r.Advice.Site.File = "fetch/gone.go" }, "the site's file cannot be read"},
		{"no benchmark", func(r *Request) { r.Benchmark = "Nothing" }, `matches "Nothing"; there are BenchmarkAll`},
		{"another benchmark", func(r *Request) { r.Benchmark = "Elsewhere" }, "BenchmarkElsewhere does not come to this place"},
		{"other benchmarks", func(r *Request) { r.Benchmark = "Elsewhere|Squares" }, "BenchmarkSquares, BenchmarkElsewhere do not come to this place"},
		{"another benchmark, no size", func(r *Request) {
			*r = readers(t, dir)
			r.Benchmark = "Elsewhere"
		}, "BenchmarkElsewhere does not come to this place"},
		{"no size", func(r *Request) { r.Advice.Recommend = advisor.Setting{} }, "has no size"},
		{"keep", func(r *Request) {
			r.Advice.Action, r.Advice.Site.Limit.Class = "keep", "none"
		}, "nothing is to be changed"},
	} {
		req := request(t, dir)
		c.change(&req)
		_, err := Verify(context.Background(), req)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want one line with %q", c.name, err, c.want)
		}
	}
}

// Files of the module cache belong to others.
func TestModuleCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "with space") // as in "Program Files"
	if err := os.Rename(module(t, tiny), dir); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOMODCACHE", filepath.Join(dir, "fetch"))
	if _, err := Verify(context.Background(), request(t, dir)); err == nil || !strings.Contains(err.Error(), "replace directive") {
		t.Errorf("%v, want that it is not overlaid", err)
	}
}

func TestNothingToApply(t *testing.T) {
	for _, p := range []*Proof{
		{NoEdit: "nothing was proved"},
		{Verified: advisor.Verified{Claim: Slower}},
		{Verified: advisor.Verified{Claim: Unclear}},
	} {
		if err := p.Apply(); err == nil {
			t.Errorf("%+v was applied", p)
		}
	}
}

// Where one file cannot be written, none is.
func TestApplyIsWhole(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := module(t, tiny)
	req := request(t, dir)
	p, err := Verify(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(filepath.Join(dir, "fetch"), 0o555)
	defer os.Chmod(filepath.Join(dir, "fetch"), 0o777)
	if err := p.Apply(); err == nil {
		t.Error("applied without write access")
	}
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Verify(ctx, request(t, module(t, tiny))); err == nil {
		t.Error("a canceled verification gave a proof")
	}
}
