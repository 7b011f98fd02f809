package lockio

import (
	"net/http"
	"sync"
)

// The method that a type has from what it embeds is behind an interface like any other.
type fetcher interface {
	Head(url string) (*http.Response, error)
}

type remembering struct {
	*http.Client
	seen map[string]bool
}

type probe struct {
	mu  sync.Mutex
	f   fetcher
	n   int
	all []string
}

func newProbe(f fetcher) *probe { return &probe{f: f} }

func (p *probe) check(url string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	resp, err := p.f.Head(url) // want `p.mu is held while \(\*remembering\).Head waits on the network`
	if err != nil {
		return err
	}
	p.all = append(p.all, resp.Status)
	return resp.Body.Close()
}

func (p *probe) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}
