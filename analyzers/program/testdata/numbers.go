// Package numbers holds expressions with what is known of them. is compares the
// number, of compares the number of elements, runs compares how often the loop
// around it runs.
package numbers

import (
	"flag"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
)

func is(n int, want string)         {}
func of[T any](x T, want string)    {}
func runs(want string)              {}
func from(n int, origins ...string) {}

const eight = 8

func constants() {
	is(eight, "8")
	is(2*eight+1, "17")
	n := eight
	is(n, "8")
	is(int(float64(n)*0.75), "6")
	n = 3
	is(n, "3")
}

func onCores() {
	is(runtime.NumCPU(), "1|16|64")
	is(runtime.GOMAXPROCS(0)/2, "0|8|32")
	is(max(1, runtime.NumCPU()-1), "1|15|63")
	is(min(runtime.NumCPU(), 8), "1|8|8")
	is(half(), "0|8|32")
	is(atLeast(half(), 1), "1|8|32")
	is(int(math.Ceil(float64(runtime.NumCPU())*0.75)), "1|12|48")
	n := runtime.NumCPU() / 4
	if n < 1 {
		n = 1
	}
	is(n, "at most 1|4|16")
	m := runtime.NumCPU() / 4
	if m > 0 {
		is(m, "at most 0|4|16") // never on one core
	}
}

func half() int { return runtime.NumCPU() / 2 }

func atLeast(n, least int) int {
	if n < least {
		return least
	}
	return n
}

func smaller(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func data(us []string, s string, m map[string]int) {
	is(len(us), "data")
	is(len(us)/2, "data")
	is(len(us)-1, "data")
	is(min(4, len(us)), "at most 4")
	is(smaller(len(us), 4), "at most 4")
	of(us[:2], "at most 2")
	of(us[:min(4, len(us))], "at most 4")
	of(us[1:], "data")
	of(us[4:8], "at most 4")
	of(strings.SplitN(s, ",", 3), "at most 3")
	of(strings.Split(s, ","), "data")
	of([]string{"a", "b"}, "2")
	of([...]int{1, 2, 3}, "3")
	var list []string
	list = append(list, "a")
	of(list, "1")
	if s != "" {
		list = append(list, "b", "c")
	}
	of(list, "at most 3")
	for _, u := range us {
		list = append(list, u)
	}
	of(list, "data from 1")
	of(make([]int, 4), "4")
	sem := make(chan int, 2)
	is(cap(sem), "2")
	is(len(sem), "data")
}

func settings(n int, p *int, byName map[string]int) {
	is(n, "setting")
	is(n*2, "setting")
	is(*p, "setting")
	is(byName["a"], "setting")
	is(min(n, 8), "setting at most 8")
	is(max(1, n), "setting from 1")
	k, err := strconv.Atoi(os.Getenv("N"))
	if err != nil {
		k = 8
	}
	is(k, "setting")
	if k <= 0 {
		k = runtime.NumCPU()
	}
	is(k, "setting from 1")
	is(*flag.Int("n", 0, ""), "setting")
}

// A default that data decides leaves a setting what it is.
func defaults(n int, us []string) {
	if n == 0 {
		n = len(us)
	}
	is(n, "setting")
	m := len(us)
	if m > 10 {
		m = 10
	}
	is(m, "at most 10")
	w := n
	if w > len(us) {
		w = len(us)
	}
	is(w, "setting")
	k := n
	switch {
	case k < 1:
		k = 1
	case k > 16:
		k = 16
	}
	is(k, "setting at most 16")
}

func guards(us []string, n int) {
	if len(us) == 0 || len(us) > 8 {
		return
	}
	of(us, "at most 8")
	if n > 4 {
		is(n, "setting from 5")
		panic("too many")
	}
	is(n, "setting at most 4")
	us = append(us, os.Args...)
	of(us, "data")
}

type box struct {
	items []string
	done  chan bool
}

func fields(a, b *box) {
	if len(a.items) > 8 {
		return
	}
	of(a.items, "at most 8")
	of(b.items, "data")
	is(cap(a.done), "5")
}

func newBox() *box { return &box{done: make(chan bool, 5)} }

// Every call in the package gives at most ten.
func callee(names []string, n int) {
	of(names, "at most 10")
	is(n, "at most 4")
}

func caller(names []string) {
	callee(names[:10], 4)
	callee(names[:min(len(names), 3)], 2)
}

// Other packages may call this.
func Exported(names []string, n int) {
	of(names, "data")
	is(n, "setting")
}

func spelled(names ...string) { of(names, "at most 2") }

func spells() {
	spelled("a")
	spelled("a", "b")
}

func asValue(n int) { is(n, "setting") }

var _ = asValue

var workers = 6

var limit = 6

func setLimit(n int) { limit = n }

func packageVariables() {
	is(workers, "6")
	is(limit, "setting")
}

func counters(us []string) {
	n := 0
	for range us {
		n++
	}
	is(n, "data")
	m := 4
	if len(us) > 100 {
		m *= 2
	}
	is(m, "at most 8")
}

func loops(us []string, n int, args []string) {
	for range 3 {
		runs("3")
	}
	for i := 0; i < 3; i++ {
		runs("3")
	}
	for i := 3; i > 0; i-- {
		runs("3")
	}
	for i := 1; i <= n; i++ {
		runs("setting")
	}
	for range us {
		runs("data")
	}
	for i := 0; i < len(us); i += 16 {
		runs("data")
	}
	for i := 0; i < 100; i += 16 {
		runs("7")
	}
	for _, a := range args[:min(len(args), 3)] {
		runs("at most 3")
		_ = a
	}
	size := (len(us) + n - 1) / n
	for i := 0; i < len(us); i += size {
		runs("setting")
	}
	for i := 0; i < len(us); i += 10 {
		for _, u := range us[i:min(i+10, len(us))] {
			runs("at most 10")
			_ = u
		}
		end := i + 10
		if end > len(us) {
			end = len(us)
		}
		for _, u := range us[i:end] {
			runs("at most 10")
			_ = u
		}
	}
	for i := 0; i < 4; i++ {
		for j := 0; j < i; j++ {
			runs("at most 3")
		}
	}
	for i := 1; i < len(us); i *= 2 {
		runs("at most 63")
	}
}

type options struct{ Workers uint }

func (o *options) fill() {
	if o.Workers == 0 {
		o.Workers = uint(runtime.NumCPU())
	}
}

var jobs = flag.Int("jobs", 3, "")

func origins(o options, n int) {
	from(int(o.Workers), "runtime.NumCPU()")
	from(*jobs, "default 3")
	from(passed(n), "5", "7")
}

func passed(n int) int { return n }

func passes(o options) {
	origins(o, 5)
	origins(o, 7)
}

type pair struct{ a, b []int }

// What each is compared with is compared with it.
func (p *pair) compared() {
	switch {
	case len(p.a) == len(p.b):
		of(p.a, "data")
	}
}

func literals(s []int, n int) {
	three := func(t []int) { of(t, "at most 3") }
	three(s[:3])
	three(s[:min(2, len(s))])
	all := func(t []int) { of(t, "data") }
	all(s[:3])
	all(s)
	given := func(t []int) { of(t, "data") }
	given(s[:3])
	hand(given)
	func(t []int) { of(t, "at most 4") }(s[:4])
}

func hand(func([]int)) {}
