package knowledge

import (
	"go/types"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/knowledge/symbolcheck"
)

// dataLines returns the lines of the data files that match the pattern.
func dataLines(t testing.TB, pattern string) []symbolcheck.Line {
	t.Helper()
	names, err := fs.Glob(files, "data/"+pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no data files %s (%v)", pattern, err)
	}
	var lines []symbolcheck.Line
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, symbolcheck.Lines(name, string(text))...)
	}
	return lines
}

// stdPath returns the import path of a standard-library symbol: no element of
// such a path has a dot.
func stdPath(symbol string) string {
	slash := strings.LastIndexByte(symbol, '/') + 1
	name, _, _ := strings.Cut(symbol[slash:], ".")
	return symbol[:slash] + name
}

// stdFinder finds the packages of the lines as Linux has them, and syscall/js.
func stdFinder(t *testing.T, lines []symbolcheck.Line) symbolcheck.Finder {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Setenv("GOOS", "linux") // package syscall differs
	}
	paths := make(map[string]bool)
	for _, l := range lines {
		paths[stdPath(l.Symbol)] = true
	}
	find, err := symbolcheck.Load(".", slices.Sorted(maps.Keys(paths))...)
	if err != nil {
		t.Fatal(err)
	}
	js, err := symbolcheck.Source("js", "wasm", "syscall/js")
	if err != nil {
		t.Fatal(err)
	}
	return func(path string) *types.Package {
		if path == "syscall/js" {
			return js
		}
		return find(path)
	}
}

func TestStdSymbolsExist(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the go command for export data")
	}
	lines := dataLines(t, "std*.know")
	find := stdFinder(t, lines)
	for _, l := range lines {
		if err := symbolcheck.Check(l, find); err != nil {
			t.Error(err)
		}
	}
}

func TestDataDecodes(t *testing.T) {
	names, err := fs.Glob(files, "data/*.know")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := new(Base).With(name, string(text)); err != nil {
			t.Error(err)
		}
	}
}

func TestDataHasNoDuplicates(t *testing.T) {
	seen := make(map[key]string)
	for _, l := range dataLines(t, "*.know") {
		k := key{l.Verb, unversioned(l.Symbol)}
		if first, ok := seen[k]; ok {
			t.Errorf("%s: %s %s is already at %s", l.Pos, l.Verb, l.Symbol, first)
		}
		seen[k] = l.Pos
	}
}

// TestLookup asks for what the analyzers ask for.
func TestLookup(t *testing.T) {
	tests := []struct {
		symbol Symbol
		check  func(*Effect) bool
	}{
		{Symbol{"net", "conn", "Read"}, func(e *Effect) bool { return slices.Equal(e.Kinds, []string{"net"}) && e.Stream }},
		{Symbol{"database/sql", "DB", "QueryContext"}, func(e *Effect) bool { return slices.Equal(e.Kinds, []string{"db"}) && e.Ctx }},
		{Symbol{"io", "", "Copy"}, func(e *Effect) bool { return slices.Equal(e.IO, []int{0, 1}) }},
		{Symbol{"bufio", "Scanner", "Scan"}, func(e *Effect) bool { return slices.Equal(e.IO, []int{Recv}) }},
		{Symbol{"time", "", "Sleep"}, func(e *Effect) bool { return e.Const == 0 }},
		{Symbol{"sync", "Once", "Do"}, func(e *Effect) bool { return e.Calls[0] == Call{Arg: 0, Maybe: true} }},
		{Symbol{"sort", "", "Slice"}, func(e *Effect) bool { return e.CPU == "loop" && e.Calls[0] == Call{Arg: 1, Each: true} }},
		{Symbol{"crypto/rsa", "", "GenerateKey"}, func(e *Effect) bool { return e.CPU == "heavy" && e.Cost != "" }},
		{Symbol{"database/sql", "DB", "Close"}, func(e *Effect) bool { return slices.Equal(e.Kinds, []string{"db"}) && e.Stream }},
		{Symbol{"google.golang.org/grpc", "ClientStream", "CloseSend"}, func(e *Effect) bool { return len(e.Kinds) == 0 }},
		{Symbol{"google.golang.org/grpc", "ClientStream", "RecvMsg"}, func(e *Effect) bool { return slices.Equal(e.Kinds, []string{"net"}) && e.Stream }},
		{Symbol{"google.golang.org/grpc", "ClientConn", "Close"}, func(e *Effect) bool { return len(e.Kinds) == 0 }},
		{Symbol{"github.com/coder/websocket", "Conn", "Close"}, func(e *Effect) bool { return e.Stream && e.Deadline }},
		{Symbol{"github.com/nats-io/nats.go", "Conn", "Close"}, func(e *Effect) bool { return e.Stream && e.Rarely }},
	}
	b := Builtin()
	for _, test := range tests {
		if e := b.Effect(test.symbol); e == nil || !test.check(e) {
			t.Errorf("%v: %+v", test.symbol, e)
		}
	}
	if !b.Quiet(Symbol{"log/slog", "Logger", "Info"}) {
		t.Error("log/slog is not quiet")
	}
	if !slices.ContainsFunc(b.Loops("slices"), func(e LoopEntry) bool { return e.Symbol.Name == "SortFunc" && e.Param == 1 }) {
		t.Error("no loop contract for the comparator of slices.SortFunc")
	}
}
