package a

import (
	"net/http"
	"os"
)

// What a field gets from the parameter of a constructor, where every caller is in
// sight.
type notifier struct {
	send  func(string)
	later func(string)
	keep  keeper
}

type keeper interface{ put(string) }

type drive struct{}

func (drive) put(s string) { _ = os.WriteFile(s, nil, 0o600) }

func newNotifier(send func(string), s keeper, opts ...func(*notifier)) *notifier {
	n := &notifier{send: send, keep: s}
	for _, o := range opts {
		o(n)
	}
	return n
}

func withLater(f func(string)) func(*notifier) {
	return func(n *notifier) { n.later = f }
}

func post(s string) { _, _ = http.Get(s) }

func Wire() { // want Wire:"^net\\(always\\)$"
	n := newNotifier(post, drive{}, withLater(func(s string) { _ = os.Remove(s) }))
	n.tell("x")
}

func (n *notifier) tell(s string) {
	n.send(s)
}

func Stores(n *notifier) { // want Stores:"^file\\(always\\)$"
	n.keep.put("x")
}

func Later(n *notifier) { // want Later:"^file\\(always\\)$"
	n.later("x")
}

// An exported constructor: others may hand over anything, but the one in sight counts.
type Open struct{ f func() }

func NewOpen(f func()) *Open { return &Open{f} }

func Opened() *Open { return NewOpen(func() { post("x") }) }

func (o *Open) Run() { // want Run:"^net\\(usually\\)$"
	o.f()
}
