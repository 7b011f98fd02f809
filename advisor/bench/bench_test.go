package bench

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// modules are small modules with benchmarks, one error each.
const modules = `
-- go.mod --
module example.com/m

go 1.24
-- good/good_test.go --
package good

import (
	"testing"
	"time"
)

func BenchmarkSleep(b *testing.B) {
	for range b.N {
		time.Sleep(time.Millisecond)
	}
}

func BenchmarkOther(b *testing.B) {}

func BenchmarkIgnores(b *testing.B) {
	if b.N == 1 {
		return
	}
}

func BenchmarkFails(b *testing.B) { b.Fatal("no server at port 1") }

func BenchmarkSkips(b *testing.B) { b.Skip("needs a server") }

func BenchmarkTimeless(b *testing.B) { b.ReportMetric(0, "ns/op") }

func BenchmarkPanics(b *testing.B) { panic("out of luck") }
-- broken/broken.go --
package broken

func F() int { return "text" }
-- broken/broken_test.go --
package broken

import "testing"

func BenchmarkF(b *testing.B) { F() }
-- tests/tests_test.go --
package tests

import "testing"

func TestF(t *testing.T) {}
-- bare/bare.go --
package bare
-- torn/torn.go --
package torn

func {
-- torn/torn_test.go --
package torn
`

func module(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(modules)).Files {
		name := filepath.Join(dir, f.Name)
		os.MkdirAll(filepath.Dir(name), 0o777)
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestErrors(t *testing.T) {
	dir := module(t)
	for _, c := range []struct{ pkg, match, want string }{
		{"./good", "", "no benchmark is named"},
		{"./good", "Sleep(", "missing closing )"},
		{"./good", "Sloop", `no benchmark of ./good matches "Sloop"; there are BenchmarkSleep, BenchmarkOther,`},
		{"./good", "Fails", "example.com/m/good: the benchmark failed (exit status 1): "},
		{"./good", "Fails", "no server at port 1; go test -run '^$' -bench 'Fails' example.com/m/good shows all of it"},
		{"./good", "Panics", "out of luck"},
		{"./good", "Skips", "needs a server"},
		{"./good", "Timeless", "no figures of -bench Timeless: it printed no time per operation: "},
		{"./good", "Sleep/sub", "no figures of -bench Sleep/sub: no sub-benchmark has that name"},
		{"./good", "Other", "too short to say anything: let it do its work b.N times"},
		{"./broken", ".", `example.com/m/broken does not compile: broken/broken.go:3:23: cannot use "text"`},
		{"./tests", ".", "./tests has no benchmarks"},
		{"./bare", ".", "./bare has no test files"},
		{"./torn", ".", "example.com/m/torn does not compile: torn/torn.go:3:6"},
		{"./nowhere", ".", "./nowhere: directory not found: check the path"},
		{"./nowhere/...", ".", "no such file or directory"},
	} {
		list, cleanup, err := Record(context.Background(), Target{Dir: dir, Packages: []string{c.pkg}, Match: c.match}, "")
		cleanup()
		if err == nil {
			t.Errorf("%s %s: %v, want an error with %q", c.pkg, c.match, list, c.want)
			continue
		}
		if text := err.Error(); !strings.Contains(text, c.want) || strings.Contains(text, "\n") {
			t.Errorf("%s %s: %q, want one line with %q", c.pkg, c.match, text, c.want)
		}
	}
}

// A canceled recording leaves nothing behind and says so.
func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, cleanup, err := Record(ctx, Target{Dir: module(t), Packages: []string{"./good"}, Match: "Sleep"}, ""); err != context.Canceled {
		t.Errorf("%v, want that it was canceled", err)
	} else {
		cleanup()
	}
}

func TestRecord(t *testing.T) {
	var steps []string
	say := func(step string) { steps = append(steps, step) }
	list, cleanup, err := Record(context.Background(), Target{Dir: module(t), Packages: []string{"./..."}, Match: "Sleep", Progress: say}, "600x")
	defer cleanup()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Package != "example.com/m/good" {
		t.Fatalf("recordings of %v, want of the one package that has the benchmark", list)
	}
	rec := list[0]
	if notes := strings.Join(rec.Notes, "\n"); strings.Count(notes, "not recorded: ") != 2 ||
		!strings.Contains(notes, "example.com/m/broken does not compile") || !strings.Contains(notes, "example.com/m/torn does not compile") {
		t.Errorf("notes %q, want that two packages do not compile", notes)
	}
	if want := "building example.com/m/broken, building example.com/m/good, building example.com/m/tests, building example.com/m/torn, recording example.com/m/good"; strings.Join(steps, ", ") != want {
		t.Errorf("steps %q, want %q", steps, want)
	}
	if rec.Run.Ops() != 600 || rec.Run.Measured() < Least || rec.Run.CPU <= 0 {
		t.Errorf("%+v: want 600 operations of at least 1 ms, and CPU time", rec.Run)
	}
	if each := rec.Run.Operations(); len(each) != 1 || each["BenchmarkSleep"] < time.Millisecond {
		t.Errorf("operations %v, want that of BenchmarkSleep, at least 1 ms", each)
	}
	for _, file := range []string{rec.Trace, rec.CPUProfile, rec.MemProfile} {
		if st, err := os.Stat(file); err != nil || st.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
	cleanup()
	if _, err := os.Stat(rec.Trace); !os.IsNotExist(err) {
		t.Errorf("after cleanup: %v", err)
	}
}

// The throughput is what the benchmark measures by itself: what it says of a unit
// decides, and of several rates that it says nothing of none does.
func TestThroughput(t *testing.T) {
	for _, c := range []struct {
		out  string
		rate float64
		unit string
	}{
		{"BenchmarkA 10 100 ns/op", 0, ""},
		{"BenchmarkA 10 100 ns/op 5 B/op", 0, ""},
		{"BenchmarkA 10 100 ns/op 20.5 MB/s", 20.5, "MB/s"},
		{"BenchmarkA 10 100 ns/op 20.5 MB/s 300 rows/s", 300, "rows/s"},
		{"BenchmarkA 10 100 ns/op 7 errors/s 300 rows/s", 0, ""},
		{"BenchmarkA 10 100 ns/op 7 errors/s 20.5 MB/s 300 rows/s", 20.5, "MB/s"},
		{"Unit rows/s better=higher\nBenchmarkA 10 100 ns/op 7 errors/s 300 rows/s", 300, "rows/s"},
		{"Unit errors/s better=lower\nBenchmarkA 10 100 ns/op 7 errors/s", 0, ""},
		{"BenchmarkA 10 100 ns/op 7 errors/s 300 rows/s\nUnit errors/s better=lower", 300, "rows/s"},
		{"BenchmarkA 10 100 ns/op 0 rows/s", 0, ""},
	} {
		list := parse([]byte(c.out + "\n"))
		if len(list) != 1 || list[0].Rate != c.rate || list[0].Unit != c.unit {
			t.Errorf("%q: %+v, want %v %s", c.out, list, c.rate, c.unit)
		}
	}
}

// Of a binary's benchmarks those that are named run, and of them what the pattern
// asks for.
func TestOnly(t *testing.T) {
	for _, c := range []struct {
		match string
		names []string
		want  string
	}{
		{"A|B|C", []string{"BenchmarkA"}, "^(BenchmarkA)$"},
		{"A|B|C", []string{"BenchmarkA", "BenchmarkC"}, "^(BenchmarkA|BenchmarkC)$"},
		{"A|B|C", []string{"BenchmarkA", "BenchmarkB", "BenchmarkC"}, "A|B|C"},
		{"./n=1/x", []string{"BenchmarkB"}, "^(BenchmarkB)$/n=1/x"},
	} {
		b := &Binary{Match: c.match, Names: []string{"BenchmarkA", "BenchmarkB", "BenchmarkC"}}
		if got := b.Only(c.names...); got.Match != c.want || len(got.Names) != len(c.names) || b.Match != c.match {
			t.Errorf("%v of %s: %+v, want %s", c.names, c.match, got, c.want)
		}
	}
}
