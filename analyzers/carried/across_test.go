package carried_test

import (
	"go/ast"
	"go/parser"
	"go/types"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/carried"
	"github.com/concurlint/concurlint/analyzers/program"
)

// What another package does, which the loops of the cases call.
const library = `package lib

import ("net/http"; "os"; "sync")

var Calls int
var cache = map[string]int{}
var hook func()

type Box struct { N, Sum int; Log *Box; List []int; mu sync.Mutex; hits int; fn func(int) int }

func New(log *Box) *Box { return &Box{Log: log} }
func (b *Box) Self() *Box { return b }
func (b *Box) Next() *Box { return b.Log }
func (b *Box) Add(i int) { b.Sum += i }
func (b *Box) Step() { b.N = b.N*3 + 1 }
func (b *Box) Note() { if b.Log != nil { b.Log.N = 1 } }
func (b *Box) Hit() { b.mu.Lock(); defer b.mu.Unlock(); b.hits = b.hits*2 + 1 }
func (b *Box) Run(i int) int { return b.fn(i) }
func (b Box) Copy(i int) int { b.N = i; return b.N }
func (b Box) Deep(i int) { b.Log.N = i }

func Pure(i int) int { return i * i }
func Read(name string) ([]byte, error) { return os.ReadFile(name) }
func Get(c *http.Client, url string) (*http.Response, error) { return c.Get(url) }
func Count() { Calls = Calls*2 + 1 }
func Cached(s string) int { if n, ok := cache[s]; ok { return n }; cache[s] = len(s); return len(s) }
func Hook() { hook() }
func Fill(list []int, x int) { for i := range list { list[i] = x } }
func Inc(n *int) { *n = *n * 2 + 1 }
func Each(n int, f func(int)) { for i := range n { f(i) } }
func Back(n int) int { if n == 0 { return 0 }; return Back(n-1) }
func Both(n int) (a, b int) { done := make(chan int); go func() { done <- n }(); return <-done, n }
func Send(ch chan int, n int) { ch <- n }
`

const across = `package p

import ("lib"; "net/http"; "os")

var _ = os.Args
var _ http.Client

type wrap struct { *lib.Box; n int }

func f(b *lib.Box, w *wrap, items []int, names []string, c *http.Client, ch chan int, boxes []*lib.Box) (err error) {
	sum, prev := 0, 0
	out := make([]int, len(items))
	rows := make([][]int, len(items))
	_, _, _, _ = sum, prev, out, rows
	%s
	return nil
}
`

func TestAcross(t *testing.T) {
	const none, yes, no = carried.Unknown, carried.Dependent, carried.Independent
	for loop, c := range map[string]struct {
		want carried.Answer
		says string
	}{
		"for i, it := range items { out[i] = lib.Pure(it) }":                         {no, ""},
		"for _, n := range names { data, e := lib.Read(n); _, _ = data, e }":         {no, ""},
		"for _, n := range names { r, e := lib.Get(c, n); r.Body.Close(); _ = e }":   {no, ""},
		"for i := range items { b.Add(i) }":                                          {no, ""},
		"for i := range items { b.Hit(); _ = i }":                                    {no, ""},
		"for i := range items { x := lib.New(nil); x.Step(); x.Note(); _ = i }":      {no, ""},
		"for i := range items { x := &lib.Box{}; x.Self().Step(); _ = i }":           {no, ""},
		"for i := range items { out[i] = b.Copy(i) }":                                {no, ""},
		"for i := range items { lib.Fill(rows[i], i) }":                              {no, ""},
		"for i := range items { lib.Each(3, func(k int) { out[i] += k }) }":          {no, ""},
		"for i := range items { a, z := lib.Both(i); out[i] = a + z }":               {no, ""},
		"for i := range items { own := make(chan int, 1); lib.Send(own, i) }":        {no, ""},
		"for i := range items { n := i; lib.Inc(&n); out[i] = n }":                   {no, ""},
		"for range items { b.Step() }":                                               {yes, "b.N"},
		"for range items { b.Self().Step() }":                                        {yes, "b.N"},
		"for range items { x := b; x.Step() }":                                       {yes, "b.N"},
		"for range items { w.Step() }":                                               {yes, "w.Box.N"},
		"for range items { w.Box.N++; prev = w.N * 2; w.Step() }":                    {yes, "w.Box.N"},
		"for range items { lib.Count() }":                                            {yes, "lib.Calls"},
		"for range items { lib.Inc(&sum) }":                                          {yes, "sum"},
		"for range items { b.Log.Step() }":                                           {yes, "b.Log.N"},
		"for range items { b.Next().Step() }":                                        {yes, "b.Log.N"},
		"for range items { x := lib.New(b); x.Note() }":                              {none, "leads to"},
		"for range items { x := &lib.Box{Log: b}; x.Note() }":                        {none, "leads to"},
		"for range items { x := &lib.Box{}; x.Log = b; x.Log.Step() }":               {none, "leads to"},
		"for range items { x := &lib.Box{}; if len(items) > 3 { x = b }; x.Step() }": {yes, "b.N"},
		"for range items { x := b; if len(items) > 3 { x = &lib.Box{} }; x.Step() }": {yes, "b.N"},
		"for i := range items { x := *b; x.Deep(i) }":                                {none, "leaves its last b.Log.N"},
		"for i := range items { b.Deep(i) }":                                         {none, "leaves its last b.Log.N"},
		"for i := range items { boxes[i].Note() }":                                   {none, "pointer that others may have"},
		"for _, x := range boxes { x.Step() }":                                       {none, "pointer that others may have"},
		"for _, n := range names { lib.Cached(n) }":                                  {none, "lib.cache"},
		"for range items { lib.Hook() }":                                             {none, "calls"},
		"for i := range items { b.Run(i) }":                                          {none, "whose body is not seen"},
		"for i := range items { lib.Fill(out, i) }":                                  {none, "elements of out"},
		"for i := range items { lib.Each(3, func(k int) { prev = k + i }) }":         {none, "leaves its last prev"},
		"for i := range items { lib.Back(i) }":                                       {none, "calls functions that call themselves"},
		"for i := range items { lib.Send(ch, i) }":                                   {none, "calls Send, which talks to other goroutines"},
	} {
		t.Run(loop, func(t *testing.T) {
			got := answer(t, strings.Replace(across, "%s", loop, 1))
			if got.Answer != c.want || !strings.Contains(got.Why, c.says) {
				t.Errorf("%+v, want %d because of %q", got, c.want, c.says)
			}
		})
	}
}

// lib is the other package, and its facts as they are written.
type lib struct {
	types *types.Package
	facts map[string][]byte
}

func (l *lib) Import(path string) (*types.Package, error) {
	if path == "lib" {
		return l.types, nil
	}
	return standard.Import(path)
}

func (l *lib) fact(fn *types.Func, s *carried.Summary) bool {
	text, ok := l.facts[fn.FullName()]
	return ok && s.GobDecode(text) == nil
}

func newLib(t *testing.T) *lib {
	l := &lib{facts: make(map[string][]byte)}
	p := check(t, "lib", library, standard)
	l.types = p.Package()
	r := carried.New(p, nil)
	for _, d := range p.Files()[0].Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok || !d.Name.IsExported() {
			continue
		}
		fn := p.Info().Defs[d.Name].(*types.Func)
		text, err := r.Summary(fn).GobEncode()
		if err != nil {
			t.Fatal(err)
		}
		l.facts[fn.FullName()] = text
	}
	return l
}

func check(t *testing.T, path, src string, imp types.Importer) *program.Program {
	t.Helper()
	file, err := parser.ParseFile(fset, path+".go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
	}
	conf := types.Config{Importer: imp}
	pkg, err := conf.Check(path, fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	return program.New(fset, []*ast.File{file}, pkg, info)
}

// A fact that is cut off, or of another version, is none.
func TestBrokenFact(t *testing.T) {
	for name, text := range newLib(t).facts {
		for n := range text {
			if err := new(carried.Summary).GobDecode(text[:n]); err == nil {
				t.Errorf("%s: the first %d of %d bytes pass", name, n, len(text))
			}
		}
	}
}
