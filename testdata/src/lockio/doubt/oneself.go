package doubt

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// The lock is that of one connection: those of other requests have theirs.
type talk struct {
	mu   sync.Mutex
	conn net.Conn
}

func attend(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	s := converse(conn)
	go s.greet([]byte("a"))
	s.greet([]byte("b"))
}

func converse(conn net.Conn) *talk { return &talk{conn: conn} }

func (s *talk) greet(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.conn.Write(b) // want "note: .*s.mu is held while net.Conn.Write waits on the network"
}

// One long job at a time is what the lock is for.
var issuing sync.Mutex

func issue(name string) error {
	issuing.Lock()
	defer issuing.Unlock()
	resp, err := http.Get("http://ca.example/new/" + name) // want "note: .*issuing is held while http.Get waits on the network"
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func renew(name string) error {
	issuing.Lock()
	defer issuing.Unlock()
	resp, err := http.Get("http://ca.example/again/" + name) // want "note: .*issuing is held while http.Get waits on the network"
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func handleIssue(w http.ResponseWriter, r *http.Request) {
	if issue(r.URL.Path) != nil || renew(r.URL.Path) != nil {
		w.WriteHeader(http.StatusBadGateway)
	}
}

// Nobody is seen who runs this beside another call of it.
var calm sync.Mutex

func brush() {
	calm.Lock()
	defer calm.Unlock()
	time.Sleep(time.Minute) // want "note: .*calm is held while time.Sleep sleeps"
}
