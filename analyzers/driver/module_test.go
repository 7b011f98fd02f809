package driver_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/driver"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestMain(m *testing.M) {
	os.Setenv("GOFLAGS", "")
	os.Setenv("GOWORK", "off")
	os.Setenv("GOPROXY", "off")
	os.Exit(m.Run())
}

// outside is a cache of the standard library's types for all tests.
var outside = filepath.Join(os.TempDir(), "concurlint-driver-test")

// configure is a run over all of a module. Its results are those of version.
func configure(dir, cache, version string) *driver.Config {
	v := settings.New()
	v.Least, v.Detail = settings.Note, true
	return &driver.Config{Dir: dir, Patterns: []string{"./..."}, Analyzers: settings.Bind(v, analyzers.All()...), Version: version, Cache: cache}
}

func run(t testing.TB, cfg *driver.Config) *driver.Result {
	t.Helper()
	res, err := driver.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// said is everything that a user could see of a result.
func said(t *testing.T, res *driver.Result) string {
	t.Helper()
	text, err := json.MarshalIndent([]any{res.Diagnostics, res.Problems}, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A program is a module that can be edited: packages p0, p1, … of which each
// imports some of those before it.
type program struct {
	dir      string
	rand     *rand.Rand
	packages []*source
}

// A source is one package, as a few decisions.
type source struct {
	name    string
	imports []*source
	lines   int    // of comment above everything
	waits   string // what Work does
	locked  bool   // Save holds a lock while it works
	result  string // type of what Size returns
	broken  bool
	marked  bool // Work may not block
	methods int
	inlined bool // calls past its imports, at methods of what they return
}

var (
	waits   = []string{"", "time.Sleep(time.Second)", "os.ReadFile(\"f\")", "<-make(chan int)"}
	results = []string{"int", "int64", "string"}
)

func newProgram(t testing.TB, seed uint64, packages int) *program {
	p := &program{dir: t.TempDir(), rand: rand.New(rand.NewPCG(seed, 1))}
	p.write(t, "go.mod", "module example.com/edited\n\ngo 1.26\n")
	for i := range packages {
		s := &source{name: fmt.Sprintf("p%d", i), result: "int"}
		for _, other := range p.packages {
			if p.rand.IntN(3) == 0 {
				s.imports = append(s.imports, other)
			}
		}
		if i == 0 {
			s.locked, s.waits = true, waits[1] // there is something to find from the start
		}
		p.packages = append(p.packages, s)
		p.write(t, s.name+"/a.go", s.text())
	}
	return p
}

func (p *program) write(t testing.TB, name, text string) {
	t.Helper()
	name = filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// text is the package as Go. Every function of an import is called, so that its
// effects arrive here.
func (s *source) text() string {
	var b strings.Builder
	b.WriteString(strings.Repeat("// A line.\n", s.lines) + "\n")
	fmt.Fprintf(&b, "package %s\n\nimport (\n\t\"os\"\n\t\"sync\"\n\t\"time\"\n", s.name)
	for _, i := range s.imports {
		fmt.Fprintf(&b, "\t\"example.com/edited/%s\"\n", i.name)
	}
	b.WriteString(")\n\nvar _ = os.Args\nvar _ time.Duration\n\ntype T struct{ mu sync.Mutex }\n\n")
	if s.marked {
		b.WriteString("//concurlint:nonblocking\n")
	}
	fmt.Fprintf(&b, "func Work() {\n\t%s\n", s.waits)
	for _, i := range s.imports {
		fmt.Fprintf(&b, "\t%s.Work()\n\t_ = %s.Size()\n", i.name, i.name)
		if s.inlined {
			fmt.Fprintf(&b, "\t%s.New().Save()\n", i.name)
		}
	}
	b.WriteString("}\n\nfunc (t *T) Save() {\n")
	if s.locked {
		b.WriteString("\tt.mu.Lock()\n\tdefer t.mu.Unlock()\n")
	}
	fmt.Fprintf(&b, "\tWork()\n}\n\nfunc New() *T { return new(T) }\n\nfunc Size() (v %s) { return }\n", s.result)
	for i := range s.methods {
		fmt.Fprintf(&b, "\nfunc (*T) M%d() { Work() }\n", i)
	}
	if s.broken {
		b.WriteString("\nvar broken = missing\n")
	}
	return b.String()
}

// edit changes one decision of one package and says which.
func (p *program) edit(t testing.TB) string {
	s := p.packages[p.rand.IntN(len(p.packages))]
	edits := map[string]func(){
		"lines":   func() { s.lines = p.rand.IntN(5) },
		"waits":   func() { s.waits = waits[p.rand.IntN(len(waits))] },
		"locked":  func() { s.locked = !s.locked },
		"result":  func() { s.result = results[p.rand.IntN(len(results))] },
		"broken":  func() { s.broken = !s.broken },
		"marked":  func() { s.marked = !s.marked },
		"methods": func() { s.methods = p.rand.IntN(3) },
		"inlined": func() { s.inlined = !s.inlined },
		"imports": func() {
			if n := len(s.imports); n > 0 {
				s.imports = slices.Delete(s.imports, n-1, n)
			}
		},
	}
	names := slices.Sorted(maps.Keys(edits))
	name := names[p.rand.IntN(len(names))]
	if s.broken && p.rand.IntN(2) == 0 {
		name = "broken" // few of them at a time
	}
	edits[name]()
	p.write(t, s.name+"/a.go", s.text())
	return s.name + " " + name
}
