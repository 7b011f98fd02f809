package lockio

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// hearing is what a framework gives its handlers: a request with the verdict to it.
type hearing struct {
	Request *http.Request
	Writer  verdict
}

type verdict interface {
	http.ResponseWriter
	Status() int
}

func (t *hearing) say(code int) { t.Writer.WriteHeader(code) }

// permit gives them by methods.
type permit interface {
	Request() *http.Request
	Response() *reply
}

type reply struct {
	http.ResponseWriter
	size int
}

var (
	barrier  sync.Mutex
	accounts struct {
		sync.Mutex
		names []string
	}
)

// Each call of a handler waits for the others that wait under the lock of all.
func enroll(t *hearing) {
	barrier.Lock()
	defer barrier.Unlock()
	resp, err := http.Get("http://names.example/" + t.Request.URL.Path) // want "warning: .*barrier is held while http.Get waits on the network"
	if err != nil {
		return
	}
	_ = resp.Body.Close()
	t.say(http.StatusOK)
}

func enlist(p permit) error {
	accounts.Lock()
	resp, err := http.Get("http://names.example/" + p.Request().URL.Path) // want "warning: .*accounts is held while http.Get waits on the network"
	accounts.Unlock()
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// A sleep where something is amiss is one that each client brings about.
var attempts sync.Mutex

func admit(t *hearing) {
	attempts.Lock()
	defer attempts.Unlock()
	var word string
	if err := check(t.Request.Header.Get("word"), &word); err != nil {
		time.Sleep(time.Duration(len(word)) * time.Second) // want "note: .*attempts is held while time.Sleep sleeps"
		t.say(http.StatusForbidden)
		return
	}
	t.say(http.StatusOK)
}

func check(text string, to *string) error { return json.Unmarshal([]byte(text), to) }

// One connection that does not read holds up those of all other handlers.
var outgoing sync.Mutex

func chat(t *hearing) {
	conn, _, err := t.Writer.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	for _, line := range lines(conn) {
		go func() {
			outgoing.Lock()
			defer outgoing.Unlock()
			_, _ = conn.Write(line) // want "warning: .*outgoing is held while net.Conn.Write waits on the network"
		}()
	}
}

func lines(net.Conn) [][]byte { return nil }

// The handlers come to the wait by a function that nobody else calls.
type bureau struct {
	mu    sync.Mutex
	last  string
	where string
}

func (o *bureau) serve(t *hearing) {
	if o.lookUp() != nil {
		t.say(http.StatusBadGateway)
	}
}

func (o *bureau) lookUp() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	resp, err := http.Get(o.where) // want "note: .*o.mu is held while http.Get waits on the network"
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// A type that stands for one request by what is known of its library.
var turnstile sync.Mutex

func register(c *fasthttp.RequestCtx) {
	turnstile.Lock()
	defer turnstile.Unlock()
	http.Get("http://far" + string(c.Path())) // want "warning: .*turnstile is held while http.Get waits on the network"
}
