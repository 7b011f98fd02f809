package doubt

import (
	"net/http"

	"lockio/host"
)

// Who comes to the turnstile wants to go through, and waits for that alone.
func through(t *host.Turnstile) {
	t.Through(func() { http.Get("a") }) // want "note: .*host.Turnstile.mu is held by host.\\(\\*Turnstile\\).Through, which runs this"
}

// Who registers a source comes once for each.
type distant struct{ url string }

func (d *distant) Count() int {
	http.Get(d.url) // want "note: .*host.Registry.mu is held by host.\\(\\*Registry\\).Sum, which runs this"
	return 1
}

func enlist(r *host.Registry) { r.Register(&distant{"a"}) }

// All who come want what is made, once: the lock is there for that.
func prepare(i *host.Init) error {
	return i.Do(func() error {
		_, err := http.Get("a") // want "note: .*host.Init.mu is held by host.\\(\\*Init\\).do, which runs this"
		return err
	})
}
