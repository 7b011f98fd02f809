// Package promise marks interface methods and parameters.
package promise

import (
	"net/http"

	"github.com/hashicorp/memberlist"
)

var _ memberlist.Config

// A Sink takes events.
type Sink interface {
	// Event is called with the lock held.
	//
	//concurlint:nonblocking
	Event(name string)

	// Each calls f on the loop.
	Each(f func(int) /*marked*/) //concurlint:offload
}

type own struct{}

func (own) Event(string) {
	_, _ = http.Get("http://example.com/") // want `warning: .*http.Get waits on the network on code marked nonblocking`
}

func (own) Each(func(int)) {}

// Schedule runs f on the loop.
func Schedule(
	name string,
	//concurlint:nonblocking
	f func(),
) {
	f()
}

// Later runs f elsewhere.
func Later(
	f func(), //concurlint:offload
) {
	f()
}

func use() {
	Schedule("a", func() {
		_, _ = http.Get("http://example.com/") // want `warning: .*http.Get waits on the network`
	})
}
