package lockio

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// Those who suffer may be calls of the same function: each that finds what it wants
// waits behind the one that does not.
type answers struct {
	mu     sync.RWMutex
	byName map[string]answer
}

type answer struct {
	ips   []net.IP
	until time.Time
}

func (a answer) fresh() bool { return time.Now().Before(a.until) }

func (a *answers) lookUp(ctx context.Context, name string) ([]net.IP, error) {
	a.mu.RLock()
	cached := a.byName[name]
	a.mu.RUnlock()
	if cached.fresh() {
		return cached.ips, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	ips, err := net.DefaultResolver.LookupIP(ctx, "ip", name) // want `warning: .*a.mu is held while net.\(\*Resolver\).LookupIP waits on DNS`
	if err != nil {
		return nil, err
	}
	a.byName[name] = answer{ips, time.Now().Add(time.Minute)}
	return ips, nil
}

// One look under the lock is enough to tell who waits for others: who finds its session
// waits for the login of somebody else.
var (
	sessionsMu sync.Mutex
	sessions   = make(map[string]*session)
)

type session struct{ cookie string }

func (s *session) login(user string) error {
	res, err := http.Get("https://example.com/login?user=" + user)
	if err != nil {
		return err
	}
	s.cookie = res.Header.Get("Set-Cookie")
	return nil
}

func sessionOf(user string) (*session, error) {
	sessionsMu.Lock()
	defer sessionsMu.Unlock()
	if s, ok := sessions[user]; ok {
		return s, nil
	}
	s := &session{}
	if err := s.login(user); err != nil { // want `warning: .*sessionsMu is held while .*session..login waits on the network`
		return nil, err
	}
	sessions[user] = s
	return s, nil
}

// A collection with methods of its own is asked and given as a map is.
type keys struct {
	mu    sync.Mutex
	known expiry
}

type expiry struct{ until map[string]time.Time }

func (t *expiry) find(key string) (time.Time, bool) { u, ok := t.until[key]; return u, ok }

func (t *expiry) put(key string, until time.Time) { t.until[key] = until }

func (k *keys) check(key string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if until, ok := k.known.find(key); ok && time.Now().Before(until) {
		return nil
	}
	res, err := http.Get("https://example.com/keys/" + key) // want `warning: .*k.mu is held while http.Get waits on the network`
	if err != nil {
		return err
	}
	k.known.put(key, time.Now().Add(time.Minute))
	return res.Body.Close()
}
