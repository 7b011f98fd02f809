// Package a has a function for each way that an effect reaches its function.
package a

import (
	"context"
	"errors"
	"net/http"
	"os"
	"sync"
	"time"
)

func get() error { _, err := http.Get("http://example.com"); return err }

// A closure called in place, and one kept in a variable.
func Closure() { // want Closure:"^net\\(always\\)$"
	func() { _ = get() }()
}

func Kept() { // want Kept:"^net\\(always\\)$"
	f := func() { _ = get() }
	f()
}

// A closure that is only made does nothing.
func Made() func() {
	return func() { _ = get() }
}

func CallsMade() { // want CallsMade:"net\\(always\\)"
	f := made()
	f()
}

func made() func() {
	return func() { _ = get() }
}

type T struct {
	mu   sync.Mutex
	next *T
	once sync.Once
	data map[string][]byte
	conn *http.Response
}

func (t *T) load() { _, _ = os.ReadFile("a") }

// A method value.
func MethodValue(t *T) { // want MethodValue:"^file\\(always\\)$"
	f := t.load
	f()
}

// A method expression.
func MethodExpr(t *T) { // want MethodExpr:"^file\\(always\\)$"
	(*T).load(t)
}

// Deferred work is work.
func Defers(t *T) { // want Defers:"^file\\(always\\)$"
	defer t.load()
}

// What a goroutine does is not the caller's.
func Goes(t *T) { // want Goes:"^spawn\\(always\\)$"
	go t.load()
}

// An error path is left out, a miss is told as rare.
func ErrorPath(err error) {
	if err != nil {
		_ = get()
	}
}

// What has failed is done by other means: that is told as rare, too. To report an error,
// or to tidy up, is not.
func Fallback(t *T, k string) []byte { // want Fallback:"^file\\(always\\) net\\(rarely\\)$"
	b, err := os.ReadFile(k)
	if err != nil {
		b, err = fetched(k)
	}
	t.data[k] = b
	return b
}

func Instead(t *T, k string) { // want Instead:"^net\\(rarely\\)$"
	if err := t.check(k); err != nil {
		told(k)
	}
	t.data[k] = nil
}

func Reports(t *T, k string) {
	if err := t.check(k); err != nil {
		reported(k, err)
	}
	t.data[k] = nil
}

func Tidies(t *T, k string) {
	if err := t.check(k); err != nil {
		told("all")
	}
	t.data[k] = nil
}

func GivesUp(t *T, k string) {
	if err := t.check(k); err != nil {
		told(k)
		return
	}
	t.data[k] = nil
}

func (t *T) check(k string) error {
	if t.data[k] == nil {
		return errMissing
	}
	return nil
}

var errMissing = errors.New("missing")

func fetched(k string) ([]byte, error) {
	resp, err := http.Get(k)
	if err != nil {
		return nil, err
	}
	return nil, resp.Body.Close()
}

func told(k string) { fetched(k) }

func reported(k string, err error) { fetched(k + err.Error()) }

func Miss(t *T, k string) []byte { // want Miss:"^file\\(rarely\\)$"
	if b, ok := t.data[k]; ok {
		return b
	}
	b, _ := os.ReadFile(k)
	t.data[k] = b
	return b
}

// An error of a type of its own is one all the same, and no answer kept from before.
type Limit struct{ until time.Time }

func (l *Limit) Error() string { return "limited until " + l.until.String() }

func (t *T) limit() *Limit { return nil }

func Within(t *T) error { // want Within:"^net\\(always\\)$"
	if l := t.limit(); l != nil {
		return l
	}
	return get()
}

var (
	shared *http.Response
	latest *http.Response
)

// A variable of the package is filled once for all, unless it is emptied again.
func Shared() *http.Response {
	if shared == nil {
		shared, _ = http.Get("http://example.com")
	}
	return shared
}

func Latest() *http.Response { // want Latest:"^net\\(rarely\\)$"
	if latest == nil {
		latest, _ = http.Get("http://example.com")
	}
	return latest
}

func Forgets() { latest = nil }

// Default may be emptied by any other package, and lent by whom it is lent to.
var (
	Default *http.Response
	lent    *http.Response
)

func OrDefault() *http.Response { // want OrDefault:"^net\\(rarely\\)$"
	if Default == nil {
		Default, _ = http.Get("http://example.com")
	}
	return Default
}

func Lent() *http.Response { // want Lent:"^net\\(rarely\\)$"
	if lent == nil {
		lent, _ = http.Get("http://example.com")
	}
	return lent
}

func Lend() **http.Response { return &lent }

// Sometimes is not always.
func Branch(b bool) { // want Branch:"^net\\(usually\\)$"
	if b {
		_ = get()
	}
}

// A function run once for each object is like a cache miss.
func Once(t *T) { // want Once:"^net\\(rarely\\)$"
	t.once.Do(func() { _ = get() })
}

// A select with a default does not wait.
func Poll(c chan int) {
	select {
	case <-c:
	default:
	}
}

func Select(ctx context.Context, c chan int) { // want Select:"^chan\\(always\\)$"
	select {
	case <-c:
	case <-ctx.Done():
	}
}

func Nap() { // want Nap:"^sleep\\(always\\)$"
	time.Sleep(time.Second)
}

func (t *T) Locked() { // want Locked:"^lock\\(always\\)$"
	t.mu.Lock()
	defer t.mu.Unlock()
}

// Net effects on the receiver's lock are told to callers.
func (t *T) LockIt() { // want LockIt:"^lock\\(always\\)$"
	t.mu.Lock()
}

// A worker.
func Worker(in <-chan int) { // want Worker:"chan\\(always\\) endless"
	for range in {
	}
}

// Recursion computes, unless it waits.
func (t *T) Depth() int { // want Depth:"^cpu\\(loop\\)$"
	if t.next == nil {
		return 0
	}
	return t.next.Depth() + 1
}

func (t *T) Retry() { // want Retry:"^file\\(always\\)$"
	t.load()
	t.next.Retry()
}

// Mutual recursion reaches a fixpoint.
func Even(n int) bool { // want Even:"^cpu\\(loop\\) sleep\\(usually\\)$|^sleep\\(usually\\)$"
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

func odd(n int) bool {
	if n == 1 {
		return true
	}
	time.Sleep(1)
	return Even(n - 1)
}

// Directives win over the body.
//
//concurlint:blocking net
func Opaque() {} // want Opaque:"^net\\(always\\)$"

//concurlint:nonblocking
func Trusted() { // want Trusted:"^$"
	_ = get()
}

// Depends on a parameter, which callers in other packages give.
func Save(name string, sync bool) { // want Save:"^file\\(usually\\)$"
	if sync {
		_, _ = os.ReadFile(name)
	}
}

// Waiting between attempts is for when the first one fails.
func Retries(t *T) { // want Retries:"^file\\(usually\\) net\\(usually\\)$"
	for i := range 3 {
		if i > 0 {
			time.Sleep(time.Second)
		}
		t.load()
		if err := get(); err == nil {
			break
		}
	}
}

func UntilItWorks(try func() error) { // want UntilItWorks:"^calls 0$"
	for err := try(); err != nil; err = try() {
		time.Sleep(time.Second)
	}
}
