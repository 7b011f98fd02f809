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

import ("fmt"; "database/sql"; "io"; "net/http"; "os"; "strings"; "sync"; "math/rand"; "time")

var _, _, _, _, _, _ = fmt.Sprint, strings.ToUpper, rand.Intn, io.ReadFull, time.Now, http.Get

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
func (s *sim) has(i int) (*sim, bool) { o, ok := s.hash[i]; return o, ok }
func incr(n *int) { *n++ }
func double(n *int) { *n *= 2 }
func chain(err error, n string) error { return fmt.Errorf(n, err) }
func both(a, b error) error { if a != nil { return a }; return b }
func assembled(i int)
func lead(p **clock, s *sim) { *p = s.clock }
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

	// Values that come with whether there is one.
	"for i := range items { if a, ok := s.hash[3]; ok { a.last = i } }":                                  {none, "pointer that others may have"},
	"var cur interface{} = s; for i := range items { v, ok := cur.(*sim); if ok { v.last = i } }":        {none, "cur"},
	"for i := range items { var p, ok = s.hash[3]; if ok { p.last = i } }":                               {none, "pointer that others may have"},
	"for i := range items { if p, ok := s.has(3); ok { p.last = i } }":                                   {none, "pointer that others may have"},
	"var cur interface{} = s; for i := range items { switch v := cur.(type) { case *sim: v.last = i } }": {none, "cur"},

	// What is put together in two ways depends on the order.
	"for _, it := range items { sum ^= it; sum *= 31 }":         {none, "leaves its last sum"},
	"for _, it := range items { sum *= 10; sum += it }":         {none, "leaves its last sum"},
	"for _, it := range items { sum += it; sum = max(sum, 0) }": {none, "leaves its last sum"},
	"for _, it := range items { sum |= it; sum++ }":             {none, "leaves its last sum"},
	"for _, n := range names { n0 = n0 + n; n0 = n + n0 }":      {none, "leaves its last n0"},
	"for range items { incr(&sum); double(&sum) }":              {none, "sum"},
	"for _, it := range items { sum++; sum -= it }":             {no, ""},
	"for _, it := range items { sum %= work(it) }":              {yes, "sum"},
	"for _, it := range items { sum /= it }":                    {yes, "sum"},
	"for _, it := range items { sum &^= it }":                   {yes, "sum"},
	"for _, n := range names { err = chain(err, n) }":           {yes, "err"},
	"for _, n := range names { err = both(err, os.Remove(n)) }": {no, ""},

	// Where pointers lead after a turn of a loop within, or a jump back.
	"for n := s; n != nil; n = n.next { tail := &sim{}; for _, o := range other { tail.last = 2; tail = o } }": {none, "pointer that others may have"},
	"for _, o := range other { p := &sim{}; again: p.last = 2; if p != o { p = o; goto again } }":              {none, "goes back"},

	// The room behind a slice.
	"buf := make([]int, 0, 9); for i, it := range items { x := append(buf[:0], it); out[i] = x[0] }":      {none, "elements of buf"},
	"lists := make([][]int, 9); for i := range 9 { lists[i] = append(items, i) }":                         {none, "elements of items"},
	"for i := range 9 { x := s.done; x = append(x, i); out[i] = len(x) }":                                 {none, "elements of s.done"},
	"lists := make([][]int, 9); for i := range 9 { lists[i] = append(items[:len(items):len(items)], i) }": {no, ""},
	"for i := range 9 { out[1:][i] = out[i] }":                                                            {none, "elements of out"},
	"for i := range 9 { out[i] = out[1:][i] }":                                                            {none, "elements of out"},
	"tail := out[1:]; for i := range 9 { out[i] = tail[i] }":                                              {none, "elements of out"},
	"for i := range 9 { i = work(i); out[i] = i }":                                                        {none, "elements of out"},

	// What is handed over as a list, and what is everybody's.
	"ptrs := []interface{}{&sum}; row := c.QueryRow(\"x\"); for range items { row.Scan(ptrs...) }": {none, "may change"},
	"ptrs := []interface{}{&sum}; for _, n := range names { fmt.Sscan(n, ptrs...) }":               {none, "may change ptrs"},
	"for _, n := range names { os.Chdir(n) }":                                                      {none, "os.Chdir"},
	"for _, n := range names { os.WriteFile(\"out\", []byte(n), 0) }":                              {none, "os.WriteFile"},
	"for _, n := range names { os.WriteFile(n, nil, 0) }":                                          {no, ""},
	"for i := range 9 { assembled(i) }":                                                            {none, "assembled"},
	"client := &http.Client{}; for i := range 9 { cl := client; cl.Timeout = time.Duration(i) }":   {none, "Timeout"},
	"for i := range 9 { cl := &http.Client{}; cl.Timeout = time.Duration(i) }":                     {no, ""},

	// Two names for one thing.
	"for i := range 9 { incr(&sum); out[i] = sum }":                                                 {yes, "sum"},
	"for i := range 9 { c := s.ticks(); c.now += i; out[i] = s.clock.now }":                         {yes, "s.clock.now"},
	"for i := range 9 { o := &s.outer; o.n += i; out[i] = s.outer.n }":                              {yes, "s.outer.n"},
	"p := &sum; for i := range 9 { *p += i; out[i] = sum }":                                         {yes, "sum"},
	"b := out; for i := 1; i < 9; i++ { out[i] = b[i-1] }":                                          {yes, "out"},
	"for i := range 9 { var p *clock; lead(&p, s); p.now = i }":                                     {none, "pointer that others may have"},
	"for i := range 9 { if i > 3 { s.mu.Lock() }; s.last = i }":                                     {none, "leaves its last s.last"},
	"for i := range 9 { if i > 3 { s.mu.Lock() } else { s.mu.Lock() }; s.last = i; s.mu.Unlock() }": {no, ""},
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
