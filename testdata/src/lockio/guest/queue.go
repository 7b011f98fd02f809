package guest

import (
	"net/http"
	"strings"

	"lockio/host"
)

func index(s host.Sink) {
	q := host.NewQueue[string]()
	q.Take(func(list []string) {
		http.Post("http://index/add", "text/plain", strings.NewReader(strings.Join(list, "\n"))) // want `warning: .*host.memory.mu is held by host.\(\*memory\).Take, which runs this, while http.Post waits on the network`
	})
	q.Peek(func(s string) { http.Get("http://index/" + s) })
	s.Each(func(s string) { http.Get("http://index/" + s) })
}

type rack struct{ parts host.Parts }

// What is added to is another bin than the one that is gone over.
func (r *rack) extend(more []string) error {
	next := new(host.Bin)
	for _, p := range more {
		next.Add(p)
	}
	err := r.parts.Each(func(p string) error {
		next.Add(p)
		return nil
	})
	r.parts = next
	return err
}
