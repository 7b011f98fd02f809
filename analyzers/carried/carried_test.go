package carried_test

import (
	"go/ast"
	"go/importer"
	"go/token"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/carried"
)

// What the loops of the cases may use.
const around = `package p

import ("fmt"; "database/sql"; "io"; "os"; "strings"; "sync"; "math/rand")

var _, _, _, _ = fmt.Sprint, strings.ToUpper, rand.Intn, io.ReadFull

type clock struct{ now, seed int }

func (c *clock) roll() int { c.seed ^= c.seed << 13; return c.seed }

type sim struct {
	clock *clock
	queue, done []int
	total, last int
	mu    sync.Mutex
	rw    sync.RWMutex
	next  *sim
	hash  map[int]*sim
	memo  map[int]int
	outer struct{ n int }
}

func (s *sim) step(i int) int {
	n := len(s.queue)
	s.queue = append(s.queue[:0:0], n+i)
	return n
}
func (s *sim) count(i int) { s.total += i }
func (s *sim) cached(i int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.memo[i]; ok { return v }
	s.memo[i] = s.last
	s.last = i
	return s.last
}
func (s *sim) ticks() *clock { return s.clock }
func (s *sim) fresh(i int) int { s.last = i; return s.last * 2 }
func (s *sim) find() *sim { return s.hash[3] }
func (s *sim) list(f func(*sim)) { for _, o := range s.hash { f(o) } }
func count() func() int { n := 0; return func() int { n++; return n } }
func work(i int) int { return i * i }
func tree(n int) int { if n == 0 { return 1 }; return tree(n-1) }

type stepper interface{ step(int) int }

func f(s *sim, items []int, other []*sim, c *sql.DB, r *rand.Rand, any stepper, names []string, file *os.File) (err error, out []int) {
	out = make([]int, len(items))
	byKey, byNumber := map[int]int{}, map[int]int{}
	var best, prev, sum int
	n0 := ""
	_ = n0
	_, _, _, _, _ = byKey, byNumber, best, prev, sum
	%s
	return err, out
}
`

// The answers by what they say of the loop.
const none, yes, no = carried.Unknown, carried.Dependent, carried.Independent

var loops = map[string]struct {
	want carried.Answer
	says string
}{
	// The state of one thing that goes on.
	"for i := range 9 { s.step(i) }":                                  {yes, "s.queue"},
	"for _, it := range items { out[0] += it; s.clock.roll() }":       {yes, "s.clock.seed"},
	"for range items { s.ticks().roll() }":                            {yes, "s.clock.seed"},
	"x := s; for i := range 9 { x.step(i) }":                          {yes, "queue"},
	"for i := range 9 { func() { s.step(i) }() }":                     {yes, "s.queue"},
	"g := func(i int) { s.step(i) }; for i := range 9 { g(i) }":       {yes, "s.queue"},
	"for i := range 9 { if i > 2 { continue }; s.step(i) }":           {yes, "s.queue"},
	"for i := range 9 { sum = work(prev); prev = i }":                 {yes, "prev"},
	"for _, it := range items { if it != prev { sum++ }; prev = it }": {yes, "prev"},
	"for i := 0; i < len(items); i++ { items = append(items, i) }":    {yes, "items"},
	"for range items { s.outer.n = s.outer.n*2 + 1 }":                 {yes, "s.outer.n"},
	"for i := 1; i < 9; i++ { out[i] = out[i-1] + 1 }":                {yes, "out"},
	"for range items { s.clock = &clock{now: s.clock.now + 1} }":      {yes, "s.clock"},
	"for i := range 9 { for range 3 { s.step(i) } }":                  {yes, "s.queue"},
	"for range items { work(sum); sum += 2 }":                         {yes, "sum"},

	"for _, it := range items { if prev == 0 { if it > 2 { prev = it } }; sum += prev }": {yes, "prev"},

	"for i := 0; i < 9; i++ { if work(i) > 2 { i += 2 } }":                                                 {yes, "i as the one before"},
	"for _, o := range other { o.mu.Lock(); s.total = s.total*2 + o.last*3; s.total -= 1; o.mu.Unlock() }": {yes, "s.total"},

	// What each iteration has for itself, or what can be put together.
	"for i, it := range items { out[i] = work(it) }":                                {no, ""},
	"for i := 0; i < 9; i++ { out[i] = tree2(i) }":                                  {no, ""},
	"for i := range 9 { x := &sim{}; x.step(i) }":                                   {no, ""},
	"for i := range 9 { x := new(sim); x.clock = &clock{}; x.clock.roll(); _ = i }": {no, ""},
	"for _, it := range items { sum += it }":                                        {no, ""},
	"for _, it := range items { sum = sum + work(it) }":                             {no, ""},
	"for _, it := range items { best = max(best, it) }":                             {no, ""},
	"for _, it := range items { out = append(out, it) }":                            {no, ""},
	"for i := range 9 { s.count(i) }":                                               {no, ""},
	"for i := range 9 { s.cached(i) }":                                              {no, ""},
	"for range items { resp, e := c.Query(\"x\"); _, _ = resp, e }":                 {no, ""},
	"for _, it := range items { fmt.Println(it, s.total) }":                         {no, ""},
	"for range items { s.mu.Lock(); s.last = s.last*3 + 1; s.mu.Unlock() }":         {no, ""},

	"for i, o := range other { o.mu.Lock(); o.last = i; o.mu.Unlock() }":                                       {no, ""},
	"for n := s; n != nil; n = n.next { work(n.last) }":                                                        {no, ""},
	"b := []byte{1}; for i, n := range names { if strings.HasPrefix(n, string(b)) { out[i] = len(os.Args) } }": {no, ""},
	"for i := range items { out[i] = strings.Count(strings.Join(names, n0), n0) }":                             {no, ""},
	"for i := range 9 { go func() { out[i] = work(i) }() }":                                                    {no, ""},
	"for i := range 9 { ch := make(chan int, 1); ch <- i; out[i] = <-ch }":                                     {no, ""},

	// What is not shown.
	"for _, o := range other { o.mu.Lock(); prev = o.last; o.mu.Unlock() }":                                        {none, "leaves its last prev"},
	"for i := range items { s.rw.RLock(); s.last = i; s.rw.RUnlock() }":                                            {none, "leaves its last s.last"},
	"for i := range items { if i > 3 { goto Set }; continue; Set: s.last = i }":                                    {none, "leaves its last s.last"},
	"for n := s; n != nil; n = n.next { n.last = 1 }":                                                              {none, "pointer that others may have"},
	"for i := range 9 { byNumber[i] = work(i) }":                                                                   {none, "elements of byNumber"},
	"for range 9 { x := s.find(); x.last = 2 }":                                                                    {none, "writes what s.hash leads to"},
	"for range 9 { x := count(); sum = x() }":                                                                      {none, "pointer that others may have"},
	"for range items { s.list(func(o *sim) { o.last = 2 }) }":                                                      {none, "pointer that others may have"},
	"for i := range 9 { _ = s.fresh(i) }":                                                                          {none, "leaves its last s.last"},
	"for _, it := range items { prev = it; sum += prev }":                                                          {none, "leaves its last prev"},
	"for i := range 9 { any.step(i) }":                                                                             {none, "may change any"},
	"b := make([]byte, 9); for range items { r.Read(b[1:]) }":                                                      {none, "may change"},
	"b := make([]byte, 9); for range items { file.Read(b) }":                                                       {none, "may change"},
	"b := make([]byte, 9); for _, n := range names { os.OpenFile(n, 0, 0); io.ReadFull(strings.NewReader(n), b) }": {none, "may change b"},
	"for _, n := range names { fmt.Sscan(n, &sum) }":                                                               {none, "may change"},
	"for range items { sum += r.Intn(3) }":                                                                         {none, "may change r"},
	"for _, it := range items { if it > best { best = it } }":                                                      {none, "best"},
	"for range items { if n0 == \"\" { v, e := os.Getwd(); if e == nil { n0 = v } }; fmt.Print(n0) }":              {none, "asks for n0"},
	"for _, it := range items { byKey[it] = work(it) }":                                                            {none, "elements of byKey"},
	"for i, o := range other { o.last = i }":                                                                       {none, "pointer that others may have"},
	"for _, it := range items { out[it] = out[it] + 1 }":                                                           {none, "elements of out"},
	"for i := range 9 { s.total++; if s.total > 3 { fmt.Print(i) } }":                                              {none, "s.total"},
	"for i := range 9 { if i == 3 { prev = i }; sum += prev }":                                                     {none, "prev"},
	"for i := range 9 { tree(i) }":                                                                                 {none, "call themselves"},
	"ch := make(chan int); for i := range 9 { ch <- i }":                                                           {none, "other goroutines"},
}

func TestLoop(t *testing.T) {
	for loop, c := range loops {
		t.Run(loop, func(t *testing.T) {
			src := strings.Replace(around, "%s", loop, 1) + "\nfunc tree2(n int) int { return n + 1 }\n"
			got := answer(t, src)
			if got.Answer != c.want || !strings.Contains(got.Why, c.says) {
				t.Errorf("%+v, want %d because of %q", got, c.want, c.says)
			}
		})
	}
}

// The packages that the cases import are read once: from source that takes a while.
var (
	fset     = token.NewFileSet()
	standard = importer.ForCompiler(fset, "source", nil)
)

// answer asks about the first loop of f.
func answer(t *testing.T, src string) (v carried.Verdict) {
	t.Helper()
	l := newLib(t)
	p := check(t, "p", src, l)
	found := false
	for _, d := range p.Files()[0].Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "f" {
			ast.Inspect(fn, func(n ast.Node) bool {
				switch n.(type) {
				case *ast.ForStmt, *ast.RangeStmt:
					if !found {
						v, found = carried.New(p, l.fact).Loop(n.(ast.Stmt)), true
					}
				}
				return !found
			})
		}
	}
	return v
}
