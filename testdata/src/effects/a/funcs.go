package a

import (
	"net/http"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// A function argument.
func Apply(f func()) { // want Apply:"^calls 0$"
	f()
}

func ApplyNested(f func()) { // want ApplyNested:"^calls 0$"
	Apply(func() { f() })
}

func Start(f func()) { // want Start:"^spawn\\(always\\) goes 0$"
	go f()
}

func Applied() { // want Applied:"^net\\(always\\)$"
	Apply(func() { _ = get() })
}

func Started() { // want Started:"^spawn\\(always\\)$"
	Start(func() { _ = get() })
}

// A generic function is one function.
func Map[T, U any](in []T, f func(T) U) (out []U) { // want Map:"^cpu\\(loop\\) calls 1$"
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}

func Files(names []string) [][]byte { // want Files:"file\\(usually\\)"
	return Map(names, func(n string) []byte {
		b, _ := os.ReadFile(n)
		return b
	})
}

func Any(names []string) bool { // want Any:"file\\(usually\\)"
	return slices.ContainsFunc(names, func(n string) bool {
		_, err := os.Stat(n)
		return err == nil
	})
}

// An interface of this package, with all its implementations here.
type store interface{ fetch() }

type disk struct{}

func (disk) fetch() { _, _ = os.ReadFile("a") }

type user struct{ s store }

func (u *user) use() { u.s.fetch() }

func Use(u *user) { // want Use:"^file\\(usually\\)$"
	u.use()
}

// What one of many implementations does hardly ever happens: no fact tells it.
type notice interface{ text() string }

type (
	added   struct{}
	moved   struct{}
	changed struct{}
	dropped struct{}
	looked  struct{}
)

func (added) text() string   { return "added" }
func (moved) text() string   { return "moved" }
func (changed) text() string { return "changed" }
func (dropped) text() string { return "dropped" }

func (looked) text() string {
	_, _ = http.Get("http://example.com")
	return "looked"
}

type screen struct{ last notice }

func (s *screen) Show() string {
	return s.last.text()
}

// Each of many waits, for one thing or another.
type job interface{ do() }

type (
	asks  struct{}
	takes struct{ in chan int }
	rests struct{}
	joins struct{ g *sync.WaitGroup }
	runs  struct{}
)

func (asks) do()    { _, _ = http.Get("http://example.com") }
func (t takes) do() { <-t.in }
func (rests) do()   { time.Sleep(time.Second) }
func (j joins) do() { j.g.Wait() }
func (runs) do()    { _ = exec.Command("ls").Run() }

type office struct{ next job }

func (o *office) Work() { // want Work:"net\\(usually\\)"
	o.next.do()
}

// One of four is not few.
type answer interface{ told() string }

func (added) told() string   { return "" }
func (moved) told() string   { return "" }
func (changed) told() string { return "" }

func (looked) told() string {
	_, _ = http.Get("http://example.com")
	return ""
}

type caller struct{ last answer }

func (c *caller) Last() string { // want Last:"^net\\(usually\\)$"
	return c.last.told()
}

// A method of an interface argument.
type Doer interface{ Do() }

func Do(d Doer) { // want Do:"calls 0.Do$"
	d.Do()
}

// A method reached by embedding.
type client struct{ *http.Client }

func Embedded(c client, r *http.Request) { // want Embedded:"^net\\(always\\)$"
	_, _ = c.Do(r)
}
