package serving

import (
	"net/http"
	"sync"
)

// A literal around the call runs the loop of each object, which is made where it is started.
type sink struct {
	url    string
	events chan any
	acked  int
}

func newSink(url string) *sink { return &sink{url: url, events: make(chan any, 3)} }

func (s *sink) run() {
	for e := range s.events {
		switch e := e.(type) {
		case ack:
			s.acked = e.id
		case lost:
			http.Get(s.url) // want `note: blockloop: http.Get waits on the network for one message while the loop of sink.run receives no other`
		}
	}
}

func sinks(urls []string) (list []*sink) {
	var wg sync.WaitGroup
	for _, u := range urls {
		s := newSink(u)
		list = append(list, s)
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.run()
		}()
	}
	wg.Wait()
	return list
}

// The object is made in place.
type tap struct{ sink }

func newTap(url string) *tap { return &tap{sink{url: url, events: make(chan any, 3)}} }

func (t *tap) listen() {
	for e := range t.events {
		switch e := e.(type) {
		case ack:
			t.acked = e.id
		case lost:
			http.Get(t.url) // want `note: blockloop: http.Get waits on the network for one message while the loop of tap.listen receives no other`
		}
	}
}

func taps(urls []string) {
	for _, u := range urls {
		go newTap(u).listen()
	}
}

// One object, and a literal for each of its workers.
type pool struct{ events chan any }

func (p *pool) work() {
	for e := range p.events {
		switch e.(type) {
		case ack:
			println("ack")
		case lost:
			http.Get("http://example.com")
		}
	}
}

func workers(n int) {
	p := &pool{make(chan any)}
	for range n {
		go func() { p.work() }()
	}
}
