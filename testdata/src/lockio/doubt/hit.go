package doubt

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
)

var errShut = errors.New("shut")

// Who is turned away with an error is not kept waiting for long by anybody.
type names struct {
	mu     sync.RWMutex
	byName map[string][]net.IP
	shut   bool
}

func (n *names) lookUp(ctx context.Context, name string) ([]net.IP, error) {
	n.mu.RLock()
	shut := n.shut
	n.mu.RUnlock()
	if shut {
		return nil, errShut
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	ips, err := net.DefaultResolver.LookupIP(ctx, "ip", name) // want "note: .*waits on DNS"
	n.byName[name] = ips
	return ips, err
}

// No key, no others: all who come need the one token that is fetched.
type only struct {
	mu    sync.Mutex
	token string
}

func (o *only) get() (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.token != "" {
		return o.token, nil
	}
	res, err := http.Get("https://example.com/token") // want "note: .*waits on the network"
	if err != nil {
		return "", err
	}
	token := res.Header.Get("Token")
	o.token = token
	return token, nil
}

// Each call makes its entry anew: none finds one.
type probes struct {
	mu     sync.Mutex
	byHost map[string]string
}

func (p *probes) probe(host string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	res, err := http.Get("https://" + host) // want "note: .*waits on the network"
	if err != nil {
		return err
	}
	p.byHost[host] = res.Status
	return nil
}

// The whole table is read once, whatever the key that is asked for first.
type register struct {
	mu   sync.Mutex
	rows map[string]string
}

func (t *register) get(key string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rows == nil {
		t.rows = make(map[string]string)
		res, err := http.Get("https://example.com/table") // want "note: .*waits on the network"
		if err != nil {
			return "", err
		}
		for name, row := range res.Header {
			t.rows[name] = row[0]
		}
	}
	return t.rows[key], nil
}
