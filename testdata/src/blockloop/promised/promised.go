// Package promised is bound by the marks of another package.
package promised

import (
	"net/http"

	"blockloop/promise"
)

type remote struct{}

func (*remote) Event(string) {
	get() // want `warning: .*get waits on the network on code marked nonblocking`
}

func (*remote) Each(func(int)) {}

func get() { _, _ = http.Get("http://example.com/") }

func use() {
	promise.Schedule("a", get2)
	promise.Schedule("b", func() {
		promise.Later(get) // runs elsewhere
	})
}

func get2() {
	get() // want `warning: .*get waits on the network`
}
