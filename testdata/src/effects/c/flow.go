// Package c has a function for each way in which control flow makes an effect
// more or less certain.
package c

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"effects/said"
)

func get() error { _, err := http.Get("http://example.com"); return err }

type T struct {
	data map[string][]byte
	conn *http.Response
}

// Two cases of one kind: the wait on a miss does not depend on the parameter.
func both(t *T, name string, sync bool) {
	if sync {
		_ = get()
	}
	if t.conn == nil {
		t.conn, _ = http.Get(name)
	}
}

func Neither(t *T) { // want Neither:"^net\\(rarely\\)$"
	both(t, "a", false)
}

func Sure(t *T) { // want Sure:"^net\\(usually\\)$"
	both(t, "a", true)
}

func alone(name string, sync bool) {
	if sync {
		_ = get()
	}
}

func Alone() {
	alone("a", false)
}

// Computing for long on one path does not hide the loop on the other.
func Weights(list [][]int, err error) (n int) { // want Weights:"^cpu\\(loop\\)$"
	if err != nil {
		for _, l := range list {
			for range l {
				n++
			}
		}
		return n
	}
	for range list {
		n++
	}
	return n
}

// A miss is one that fills what was missing, whatever the variables are named.
func Filled(t *T, k string) []byte { // want Filled:"^file\\(rarely\\)$"
	b, there := t.data[k]
	if !there {
		b, _ = os.ReadFile(k)
		t.data[k] = b
	}
	return b
}

func peek(k string) ([]byte, bool) { return nil, len(k) > 0 }

func Peeked(k string) []byte { // want Peeked:"^file\\(rarely\\)$"
	b, present := peek(k)
	if !present {
		b, _ = os.ReadFile(k)
	}
	return b
}

func HitFirst(k string) []byte { // want HitFirst:"^file\\(rarely\\)$"
	if b, present := peek(k); present {
		return b
	}
	b, _ := os.ReadFile(k)
	return b
}

// A question with another answer is a branch as any other.
func Option(k string) []byte { // want Option:"^file\\(usually\\)$"
	_, ok := peek(k)
	if !ok {
		b, _ := os.ReadFile(k)
		return b
	}
	return nil
}

// A type that can do more is no cache.
func Asserted(v any) { // want Asserted:"^net\\(usually\\)$"
	if s, ok := v.(fmt.Stringer); ok {
		_ = s.String()
		return
	}
	_ = get()
}

// Leaving with an error is no path to a normal return: by type, not by name.
var problem = errors.New("a")

func Refused(n int) error { // want Refused:"^net\\(always\\)$"
	if n == 0 {
		return problem
	}
	if n == 1 {
		return complain(n)
	}
	if n == 2 {
		return fmt.Errorf("a %d", n)
	}
	if n == 3 {
		return &trouble{n}
	}
	return get()
}

func complain(n int) error {
	if n > 0 {
		return &trouble{n}
	}
	return problem
}

type trouble struct{ n int }

func (*trouble) Error() string { return "a" }

// A call that works and may fail is a way as any other.
func Either(n int) error { // want Either:"^file\\(usually\\) net\\(usually\\)$"
	if n == 0 {
		return os.Remove("a")
	}
	return get()
}

// So is one that may have found nothing wrong.
func Checked(n int) error { // want Checked:"^net\\(usually\\)$"
	if n > 10 {
		return maybe(n)
	}
	return get()
}

func maybe(n int) error {
	if n > 20 {
		return problem
	}
	return nil
}

// What does not come back: by what it does, not by name.
func Dies(n int) { // want Dies:"^net\\(always\\)$"
	if n == 0 {
		log.Panicf("a %d", n)
	}
	if n == 1 {
		log.Fatalf("a %d", n)
	}
	if n == 2 {
		leave(n)
	}
	if n == 3 {
		os.Exit(n)
	}
	_ = get()
}

func leave(n int) {
	println(n)
	panic(n)
}

func Leave(n int) { // want Leave:"^exits$"
	leave(n)
}

// It may come back.
func Fatal(n int) { // want Fatal:"^net\\(usually\\)$"
	if n == 0 {
		stay(n)
		return
	}
	_ = get()
}

func stay(n int) {
	if n > 1 {
		panic(n)
	}
}

// A pause between attempts: the loop ends with the first that works.
func Attempts(t *T) error { // want Attempts:"^net\\(usually\\)$"
	var err error
	for i := range 3 {
		if i > 0 {
			time.Sleep(time.Second)
		}
		if err = get(); err == nil {
			return nil
		}
	}
	return err
}

func Decided(try func() (bool, error)) error { // want Decided:"^cpu\\(loop\\) calls 0 again$"
	for {
		done, err := try()
		if done {
			return err
		}
		time.Sleep(time.Second)
	}
}

// One that waits until something is true sleeps most of the time.
func Polled(ready func() (bool, error)) error { // want Polled:"^sleep\\(usually\\) calls 0$"
	for {
		done, err := ready()
		if err != nil {
			return err
		}
		if done {
			return nil
		}
		time.Sleep(time.Second)
	}
}

// What a call gave may be no error.
func Perhaps(n int) error { // want Perhaps:"^net\\(usually\\)$"
	err := maybe(n)
	if n > 10 {
		return err
	}
	return get()
}

// Leaving because of an error is no normal return, whatever is returned.
func Named() (n int, err error) { // want Named:"^file\\(always\\) net\\(always\\)$"
	if err = os.Remove("a"); err != nil {
		return
	}
	return 1, get()
}

// A pause between all of many.
func Paced(names []string) { // want Paced:"^net\\(usually\\) sleep\\(usually\\)$"
	for i := range names {
		if i > 0 {
			time.Sleep(time.Second)
		}
		_ = get()
	}
}

// A flag that somebody else sets ends a worker, one of its own ends a search.
type worker struct{ on bool }

func (w *worker) Run() { // want Run:"^sleep\\(usually\\) endless$"
	for w.on {
		time.Sleep(time.Second)
	}
}

func Atomic(on *atomic.Bool) { // want Atomic:"^sleep\\(usually\\) endless$"
	for !on.Load() {
		time.Sleep(time.Second)
	}
}

func Search(names []string) { // want Search:"^net\\(usually\\)$"
	for more := true; more; {
		_ = get()
		more = len(names) > 2
	}
}

// Told to stop by a channel that carries nothing, or by one that is closed.
type actor struct {
	in   chan int
	over chan bool
}

func (a *actor) Close() { close(a.over) }

func (a *actor) Loop() { // want Loop:"^chan\\(always\\) endless$"
	for {
		select {
		case <-a.in:
		case <-a.over:
			return
		}
	}
}

// Recursion with a countdown over a request waits.
func Even(n int) error { // want Even:"^net\\(usually\\)$"
	if n == 0 {
		return get()
	}
	return odd(n - 1)
}

func odd(n int) error {
	if n == 0 {
		return nil
	}
	_ = get()
	return Even(n - 1)
}

// A journal is no logger, whatever it is named; a logger prints.
type Log struct{ f *os.File }

func (l *Log) Append(b []byte) error { // want Append:"^file\\(always\\)$"
	_, err := l.f.Write(b)
	if err != nil {
		return err
	}
	return l.f.Sync()
}

func Appends(l *Log) { // want Appends:"^file\\(always\\)$"
	_ = l.Append(nil)
}

type Messages struct{ f *os.File }

func (m *Messages) Debugf(format string, args ...any) { fmt.Fprintf(m.f, format, args...) } // want Debugf:"file"
func (m *Messages) Infof(format string, args ...any)  { fmt.Fprintf(m.f, format, args...) } // want Infof:"file"
func (m *Messages) Errorf(format string, args ...any) { fmt.Fprintf(m.f, format, args...) } // want Errorf:"file"

func Prints(m *Messages) {
	m.Infof("a")
}

// What can print beside other things is no logger: that alone is none of its work.
type peer struct{ r *http.Response }

func (p *peer) debugf(format string, args ...any) { fmt.Fprintf(os.Stderr, format, args...) }
func (p *peer) warnf(format string, args ...any)  { fmt.Fprintf(os.Stderr, format, args...) }
func (p *peer) errorf(format string, args ...any) { p.warnf(format, args...); _ = get() }
func (p *peer) flush()                            { _ = get() }
func (p *peer) next() *peer                       { return p }
func (p *peer) closed() bool                      { return p.r == nil }
func (p *peer) size() int                         { return 1 }

func Flushes(p *peer) { // want Flushes:"^net\\(always\\)$"
	p.errorf("a")
	p.flush()
}

func Complains(p *peer) {
	p.errorf("a")
}

// So does a package that has a function for each level.
func Logs() {
	said.Warnf("a %d", 1)
	said.Warn("a")
}

func Opens() { // want Opens:"^file\\(always\\)$"
	said.Open("a")
}

// Names that hold other words.
func Entries(entries []string) { // want Entries:"^net\\(usually\\) sleep\\(usually\\)$"
	for i := range entries {
		if i > 0 {
			time.Sleep(time.Second)
		}
		_ = get()
	}
}

type store interface{ fetch() }

type latestStore struct{}

func (latestStore) fetch() { _ = get() }

type view struct{ s store }

func (v *view) use() { v.s.fetch() }

func Use(v *view) { // want Use:"^net\\(usually\\)$"
	v.use()
}

func Cancelled(ctx context.Context) { // want Cancelled:"^sleep\\(usually\\) endless$"
	for ctx.Err() == nil {
		time.Sleep(time.Second)
	}
}

// A break that leaves a switch, or a loop within, leaves the worker running.
func Switches(in chan int) { // want Switches:"^sleep\\(always\\) endless$"
	for {
		switch {
		case len(in) > 2:
			break
		}
		for range 3 {
			break
		}
		time.Sleep(time.Second)
	}
}

func Breaks(in chan int) { // want Breaks:"^sleep\\(usually\\)$"
	for {
		if len(in) > 2 {
			break
		}
		time.Sleep(time.Second)
	}
}

// What is read from an answer is no more than the request that it answers.
func Answers(c *http.Client, r *http.Request) error { // want Answers:"^net\\(always\\)$"
	resp, err := c.Do(r)
	if err != nil {
		return err
	}
	defer func() { _, _ = io.Copy(io.Discard, resp.Body) }()
	if resp.StatusCode > 300 {
		b, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("a %s", b)
	}
	return nil
}
