package symbolcheck_test

import (
	"go/types"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/knowledge/symbolcheck"
)

func load(t *testing.T) symbolcheck.Finder {
	t.Helper()
	if testing.Short() {
		t.Skip("asks the go command for export data")
	}
	find, err := symbolcheck.Load(".", "bufio", "io", "math/rand/v2", "net", "os", "runtime", "slices", "sync", "time", "no/such")
	if err != nil {
		t.Fatal(err)
	}
	return find
}

// checkTests are lines and what is wrong with them, if anything.
var checkTests = []struct{ line, err string }{
	{"effect time.Sleep sleep const=0", ""},
	{"effect net.Dialer.DialContext net ctx", ""},
	{"effect net.conn.Read net stream", ""},    // the unexported type that declares it
	{"effect net.TCPConn.Read net stream", ""}, // a type that promotes it
	{"effect io.MultiReader wraps=0", ""},
	{"effect math/rand/v2.Shuffle calls=1*", ""},
	{"effect math/rand.N none", ""}, // only v2 has it, and only v2 is loaded
	{"effect os.Stdout none", ""},
	{"quiet net.*", ""},
	{"quiet os.File.*", ""},
	{"loop runtime.SetFinalizer#1", ""},
	{"loop slices.SortFunc#1", ""},
	{"loop io.Reader.Read", ""},
	{"loop net.Dialer.Control", ""},
	{"executor sync.WaitGroup.Go task=0 limit=none wait=Wait", ""},
	{"executor sync.WaitGroup.Go task=0 limit=set:Add", ""},
	{"mutex sync.Mutex.Lock lock", ""},
	{"request sync.Mutex", ""},

	{"request time.Sleep", "is not a type"},
	{"asks io.MultiReader 0*.Read", ""},
	{"asks io.MultiReader format=1 0*.Read", "there is no argument 1"},
	{"asks io.CopyN 1*.Read", "argument 1 is one alone"},
	{"effect no/such.F none", "no such package"},
	{"effect time.Slep sleep", "no Slep in time"},
	{"effect time.Timer.Go none", "no method or field Go in Timer"},
	{"effect net.con.Read net", "no type con in net"},
	{"quiet net.Nobody.*", "no type Nobody"},
	{"effect net.Conn.Read.More net", "too many names"},
	{"effect time.Duration none", "is not a function"},
	{"effect os.Args none", "no Read and no Write"},
	{"effect time.Sleep const=1", "has no argument 1"},
	{"effect time.Until const=0", "is not a time.Duration"},
	{"effect time.Sleep io=0", "is not a reader"},
	{"effect time.Sleep io=recv", "has no receiver"},
	{"effect time.Sleep calls=0*", "is not a function but"},
	{"effect time.Sleep ctx", "no argument has a Deadline"},
	{"effect time.AfterFunc#1 goes=1", "only a loop line"},
	{"loop time.Sleep", "is not an interface method"},
	{"loop net.TCPConn.Close", "is not an interface method"},
	{"loop net.Dialer.Timeout", "is not an interface method"},
	{"loop slices.SortFunc#2", "has no argument 2"},
	{"executor time.AfterFunc task=0", "is not a function"},
	{"executor sync.WaitGroup.Go task=0 wait=Join", "no method or field Join"},
	{"executor sync.WaitGroup.Go task=0 limit=new:New#0", "no function New in sync"},
	{"executor sync.WaitGroup.Go task=0 limit=arg:0", "is not an integer"},
	{"limiter time.Timer try", "is not a function"},
}

func TestCheck(t *testing.T) {
	find := load(t)
	for _, test := range checkTests {
		lines := symbolcheck.Lines("my.know", "\n"+test.line+" | text\n")
		if len(lines) != 1 {
			t.Fatalf("%q: have %d lines", test.line, len(lines))
		}
		err := symbolcheck.Check(lines[0], find)
		switch {
		case test.err == "" && err != nil:
			t.Error(err)
		case test.err != "" && (err == nil || !strings.HasPrefix(err.Error(), "my.know:2: ") || !strings.Contains(err.Error(), test.err)):
			t.Errorf("%s: have error %v, want my.know:2: … %s", test.line, err, test.err)
		}
	}
}

func TestSource(t *testing.T) {
	js, err := symbolcheck.Source("js", "wasm", "syscall/js")
	if err != nil {
		t.Fatal(err)
	}
	find := func(string) *types.Package { return js }
	for line, ok := range map[string]bool{
		"loop syscall/js.FuncOf#0": true,
		"loop syscall/js.FuncOf#1": false,
		"loop syscall/js.FuncOn#0": false,
	} {
		if err := symbolcheck.Check(symbolcheck.Lines("my.know", line)[0], find); (err == nil) != ok {
			t.Errorf("%s: %v", line, err)
		}
	}
}
