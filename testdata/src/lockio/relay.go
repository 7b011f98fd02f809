package lockio

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
)

// What somebody else answers to the handler's own request comes from no client of its; what
// it reads of the request it serves does.
type broker struct {
	mu       sync.Mutex
	upstream string
	asked    int
}

func (x *broker) rate(w http.ResponseWriter, _ *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	resp, err := http.Get(x.upstream) // want "note: .*x.mu is held while http.Get waits on the network"
	if err != nil {
		return
	}
	defer resp.Body.Close()
	dec := json.NewDecoder(resp.Body)
	var rate float64
	if err := dec.Decode(&rate); err != nil { // want "note: .*x.mu is held while json.*Decode on resp.Body"
		return
	}
	x.asked++
	_, _ = io.Copy(w, resp.Body) // want "note: .*x.mu is held while io.Copy on resp.Body"
}

func (x *broker) count(w http.ResponseWriter, _ *http.Request) {
	x.mu.Lock()
	n := x.asked
	x.mu.Unlock()
	w.Header().Set("X-Asked", string(rune('0'+n%10)))
}

type inbox struct {
	mu    sync.Mutex
	asked int
}

func (x *inbox) post(_ http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	dec := json.NewDecoder(r.Body)
	if err := dec.Decode(&x.asked); err != nil { // want "warning: .*x.mu is held while .*Decode on r.Body waits on the network"
		x.asked = 0
	}
}

func (x *inbox) count(w http.ResponseWriter, _ *http.Request) {
	x.mu.Lock()
	n := x.asked
	x.mu.Unlock()
	w.Header().Set("X-Asked", string(rune('0'+n%10)))
}
