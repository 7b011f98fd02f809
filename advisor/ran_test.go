package advisor

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"regexp"
	"runtime/pprof"
	"strconv"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor/executor"
	"github.com/concurlint/concurlint/advisor/profile"
)

var burned float64

// burn computes for about a millisecond.
//
//go:noinline
func burn() (sum float64) {
	for i := range 1_000_000 {
		sum += float64(i%7) / 3
	}
	return sum
}

// burning is a program of burn alone, which a group runs.
func burning(t *testing.T) *Lint {
	t.Helper()
	const pkg, file = "github.com/concurlint/concurlint/advisor", "ran_test.go"
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	decl := f.Scope.Lookup("burn").Decl.(*ast.FuncDecl)
	from, to := files.Position(decl.Pos()).Line, files.Position(decl.End()).Line
	return &Lint{
		Version: 1, Module: Module{Path: pkg, Dir: "."},
		Functions: []Function{{Package: pkg, Function: "burn", File: file, Line: from, EndLine: to, Class: "cpu"}},
		Sites: []Site{{
			Package: pkg, Function: "TestRanOn", Place: at(file, to+1), Via: "errgroup.(*Group).Go", Executor: "group", Trip: "items",
			Limit: Limit{Class: "none"}, Task: Task{Class: "cpu", Bodies: []Body{{pkg, "burn", file, from, to, false}}},
		}},
	}
}

// A real CPU profile says on which executor a site's work ran: half on that
// of a stage, a quarter on a run without a name, a quarter on none.
func TestRanOn(t *testing.T) {
	if testing.Short() {
		t.Skip("records a profile for seconds")
	}
	const part = 300
	work := func(context.Context, int) (float64, error) { return burn(), nil }
	var data bytes.Buffer
	if err := pprof.StartCPUProfile(&data); err != nil {
		t.Skip(err)
	}
	hash := executor.Stage("hash", work, executor.Options{Executor: executor.CPU})
	_, err := hash.Map(t.Context(), func(yield func(int) bool) {
		for i := range 2 * part {
			if !yield(i) {
				return
			}
		}
	})
	if err == nil {
		_, err = executor.Map(t.Context(), make([]int, part), work, executor.Options{Executor: executor.IO, Size: 2})
	}
	for range part {
		burned += burn()
	}
	pprof.StopCPUProfile()
	if err != nil {
		t.Fatal(err)
	}
	ev, err := profile.Read(t.Context(), []profile.Input{{Name: "cpu", Open: func() (io.ReadCloser, error) { return io.NopCloser(&data), nil }}}, profile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := analyze(burning(t), ev, Options{})
	said := strings.Join(a.propose(a.sites.list[0], nil).Because, "\n")
	m := regexp.MustCompile(`(?m)^of its computing, (\d+) % on executor cpu of hash, (\d+) % on (?:executor io|none), (\d+) % on (?:executor io|none)$`).FindStringSubmatch(said)
	if m == nil {
		t.Fatalf("the executors are not told by %q", said)
	}
	for i, want := range []int{50, 25, 25} {
		if share, _ := strconv.Atoi(m[1+i]); share < want-12 || share > want+12 {
			t.Errorf("%s %% where %d were expected: %s", m[1+i], want, m[0])
		}
	}
}

// Profiles without the labels, and sites that no executor runs, say nothing.
func TestRanOnNone(t *testing.T) {
	r := record().source(profile.CPUProfile, 10*sc).stack("app.fetch.func1@fetch.go:18", cpu(sc))
	l := program()
	l.Sites = []Site{group(constant(8))}
	a := analyze(l, r.evidence(), Options{})
	if text := a.sites.list[0].ranOn(); text != "" {
		t.Errorf("it is said that it ran %s", text)
	}
}
