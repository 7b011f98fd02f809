package analyzers_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/classify"
	"github.com/concurlint/concurlint/analyzers/sites"
)

// hang is how long the suite may take for one small file.
const hang = 20 * time.Second

// FuzzGenerated runs the suite over programs of variables that are assigned
// from each other, in circles, and called: what following definitions must not
// get lost in. Each byte is a statement.
func FuzzGenerated(f *testing.F) {
	f.Add([]byte("\x00\t\t\x12\x1b$-6?HQZclu~\x87\x00\t\x12\x1b$-6?HQZclu~\x87\x00\t\x12\x1b$-6?HQZclu~\x87\x00\b\xf3\x1b$-6?HQZclu~\x12")) // function variables that stand for each other, eight at a time
	f.Add([]byte("go func"))
	f.Add(bytes.Repeat([]byte{0, 9, 18, 27, 36, 45, 54, 63, 72, 81, 90, 99, 108, 117, 126, 135}, 8))
	f.Add(func() (all []byte) {
		for n := range 256 {
			all = append(all, byte(n))
		}
		return all
	}())
	importing()
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 400 {
			return
		}
		runSuite(t, generate(data))
	})
}

// forms are statements over the variables of the generated program; %d are
// numbers of variables.
var forms = []string{
	"f%d = f%d", "f%d = func() { f%d() }", "f%d(); _ = %d", "go f%d(); _ = %d", "defer f%d(); _ = %d",
	"r%d = r%d", "r%d = bufio.NewReader(r%d)", "io.Copy(w%d, r%d)", "w%d = bufio.NewWriter(w%d)", "r%d, _ = os.Open(fmt.Sprint(%d))",
	"ctx%d, _ = context.WithTimeout(ctx%d, 1)", "ctx%d, _ = context.WithCancel(ctx%d)", "get(ctx%d, r%d)",
	"n%d = n%d.next", "n%d.next = n%d", "n%d.f = f%d", "n%d.f(); _ = %d", "f%d = n%d.f", "f%d = n%d.run",
	"n%d.mu.Lock(); n%d.mu.Unlock()", "n%d.mu.Lock(); defer n%d.mu.Unlock()", "c%d <- %d", "<-c%d; _ = %d", "for range c%d { f%d() }",
	"select { case <-c%d: default: f%d() }", "for i := range 100 { go func() { f%d(); c%d <- i }() }", "self(f%d); self(f%d)", "n%d.d = n%d", "n%d.d.do(); _ = %d", "go n%d.d.do(); _ = %d",
}

const prelude = `package p
import ("bufio"; "context"; "fmt"; "io"; "net/http"; "os"; "sync")
type doer interface { do() }
type node struct { next *node; f func(); mu sync.Mutex; d doer }
func (n *node) run() { n.next.run(); n.f() }
func (n *node) do() { n.d.do(); n.run() }
func self(f func()) { self(func() { f() }); f() }
func get(ctx context.Context, r io.Reader) { q, _ := http.NewRequestWithContext(ctx, "", "", r); http.DefaultClient.Do(q) }
var _ = fmt.Sprint
var _ bufio.Reader
var _ = os.Open
var (
`

func generate(data []byte) string {
	var b strings.Builder
	b.WriteString(prelude)
	for i := range 8 {
		fmt.Fprintf(&b, "f%d func(); r%[1]d io.Reader; w%[1]d io.Writer; n%[1]d = new(node); c%[1]d = make(chan int, %[1]d); ctx%[1]d = context.Background()\n", i)
	}
	b.WriteString(")\nfunc main() {\n")
	state := uint32(1)
	for i, c := range data {
		state = state*1664525 + uint32(c) + 1013904223
		fmt.Fprintf(&b, forms[int(c)%len(forms)]+"\n", state>>8%8, state>>16%8)
		if i%32 == 31 {
			fmt.Fprintf(&b, "}\nfunc more%d() {\n", i)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// FuzzMutated runs the suite over files with statements left out, doubled and
// exchanged: the cases of the rules, and a sample of the standard library.
func FuzzMutated(f *testing.F) {
	seeds := corpus(f)
	for n := range min(len(seeds), 40) {
		f.Add(uint(n*7), uint64(n))
	}
	importing()
	f.Fuzz(func(t *testing.T, n uint, seed uint64) {
		name := seeds[n%uint(len(seeds))]
		text, err := mutate(name, rand.New(rand.NewPCG(seed, 0)))
		if err != nil {
			t.Skip(err)
		}
		runSuite(t, text)
	})
}

func corpus(f *testing.F) (names []string) {
	for _, pattern := range []string{"../testdata/src/*/*.go", "../testdata/src/*/*/*.go",
		filepath.Join(runtime.GOROOT(), "src/container/*/*.go"), filepath.Join(runtime.GOROOT(), "src/text/tabwriter/*.go"),
		filepath.Join(runtime.GOROOT(), "src/net/*/example*_test.go"), filepath.Join(runtime.GOROOT(), "src/*/example*_test.go")} {
		list, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		names = append(names, list...)
	}
	return names
}

// mutate changes the text of statements, so that no tree ever holds itself.
func mutate(name string, r *rand.Rand) (string, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	text := string(src)
	for range r.IntN(6) {
		list, err := statements(text)
		if err != nil || len(list) == 0 {
			return text, err
		}
		a, b := list[r.IntN(len(list))], list[r.IntN(len(list))]
		if a.from > b.from {
			a, b = b, a
		}
		switch one, two := text[a.from:a.to], text[b.from:b.to]; {
		case r.IntN(4) == 0:
			text = text[:a.from] + text[a.to:]
		case r.IntN(3) == 0:
			text = text[:a.to] + "\n" + one + text[a.to:]
		case a.to <= b.from:
			text = text[:a.from] + two + text[a.to:b.from] + one + text[b.to:]
		}
	}
	return text, nil
}

type span struct{ from, to int }

func statements(text string) (list []span, err error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	base := fset.File(file.FileStart).Base()
	ast.Inspect(file, func(n ast.Node) bool {
		if b, ok := n.(*ast.BlockStmt); ok {
			for _, s := range b.List {
				list = append(list, span{int(s.Pos()) - base, int(s.End()) - base})
			}
		}
		return true
	})
	return list, nil
}

// importing imports from the export data of the standard library, which one
// call of the go command names: asking for each package would take longer than
// a fuzz worker may.
var importing = sync.OnceValue(func() types.Importer {
	out, err := exec.Command("go", "list", "-export", "-f", "{{.ImportPath}}={{.Export}}", "std").Output()
	if err != nil {
		panic(err)
	}
	exports := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		exports[path] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no package %s", path)
		}
		return os.Open(exports[path])
	})
})

// runSuite runs every analyzer over the file. Files with errors are skipped.
func runSuite(t *testing.T, text string) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Skip(err)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object), Implicits: make(map[ast.Node]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection), Scopes: make(map[ast.Node]*types.Scope), FileVersions: make(map[*ast.File]string),
	}
	wrong := error(nil)
	conf := types.Config{Importer: importing(), GoVersion: "go1.26", Error: func(err error) {
		if e, ok := err.(types.Error); !ok || !e.Soft { // an unused variable hurts nobody
			wrong = err
		}
	}}
	pkg, _ := conf.Check("example.com/p", fset, []*ast.File{file}, info)
	if wrong != nil {
		t.Skip(wrong)
	}
	stuck := time.AfterFunc(hang, func() { panic("the suite hangs on:\n" + text) })
	defer stuck.Stop()
	d := &driver{results: make(map[*analysis.Analyzer]any), facts: make(map[types.Object]analysis.Fact), pass: analysis.Pass{
		Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info, TypesSizes: types.SizesFor("gc", "amd64"),
	}}
	for _, a := range append(analyzers.All(), classify.Analyzer, sites.Analyzer) {
		if err := d.run(a); err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
	}
}

// driver runs analyzers over one package without facts of others.
type driver struct {
	pass    analysis.Pass
	results map[*analysis.Analyzer]any
	facts   map[types.Object]analysis.Fact
}

func (d *driver) run(a *analysis.Analyzer) error {
	if _, ok := d.results[a]; ok {
		return nil
	}
	for _, r := range a.Requires {
		if err := d.run(r); err != nil {
			return err
		}
	}
	pass := d.pass
	pass.Analyzer, pass.ResultOf = a, d.results
	pass.Report = func(analysis.Diagnostic) {}
	pass.ReadFile = os.ReadFile
	pass.ImportObjectFact = func(types.Object, analysis.Fact) bool { return false }
	pass.ExportObjectFact = func(obj types.Object, f analysis.Fact) { d.facts[obj] = f }
	pass.ImportPackageFact = func(*types.Package, analysis.Fact) bool { return false }
	pass.ExportPackageFact = func(analysis.Fact) {}
	pass.AllObjectFacts = func() []analysis.ObjectFact { return nil }
	pass.AllPackageFacts = func() []analysis.PackageFact { return nil }
	res, err := a.Run(&pass)
	d.results[a] = res
	return err
}
