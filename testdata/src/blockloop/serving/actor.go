package serving

import (
	"bufio"
	"net/http"
	"time"

	"google.golang.org/grpc"
)

// Each part of a topic has a loop of its own, which tells its messages apart by their type.
type piece struct {
	name   string
	events chan any
	closed chan struct{}
	acked  int
}

type (
	ack  struct{ id int }
	lost struct{}
	seek struct{ to int }
)

func newPiece(name string) *piece {
	p := &piece{name: name, events: make(chan any, 3), closed: make(chan struct{})}
	go p.run()
	return p
}

func pieces(names []string) (list []*piece) {
	for _, n := range names {
		list = append(list, newPiece(n))
	}
	return list
}

func (p *piece) run() {
	for {
		select {
		case <-p.closed:
			return
		case e := <-p.events:
			switch e := e.(type) {
			case ack:
				p.acked = e.id
			case lost:
				p.connect() // want `note: blockloop: \(\*piece\).connect waits on the network for one message while the loop of piece.run receives no other`
			case seek:
				p.acked = e.to
			}
		}
	}
}

func (p *piece) connect() {
	for wait := time.Second; ; wait *= 2 {
		time.Sleep(wait)
		if _, err := http.Get("http://" + p.name); err == nil {
			return
		}
	}
}

// A crew shares its work: what one of them waits for, another does not.
type gang struct{ events chan any }

func (g *gang) start() {
	for range 8 {
		go g.work()
	}
}

func (g *gang) work() {
	for e := range g.events {
		switch e.(type) {
		case ack:
			println("ack")
		case lost:
			_, _ = http.Get("http://example.com")
		}
	}
}

// The workers of a crew may be objects of their own: what they share is the work.
type hand struct{ jobs chan any }

func hire(jobs chan any) {
	for range 8 {
		h := &hand{jobs: jobs}
		go h.work()
	}
}

func (h *hand) work() {
	for e := range h.jobs {
		switch e.(type) {
		case ack:
			println("ack")
		case lost:
			_, _ = http.Get("http://example.com")
		}
	}
}

// One client sends all that it wants over one stream: what it asks for first keeps what it
// asks for next waiting.
type request struct{ kind, url string }

type files interface {
	Recv() (*request, error)
	grpc.ServerStream
}

func serve(stream files) error {
	kept := make(map[string]bool)
	for {
		r, err := stream.Recv()
		if err != nil {
			return err
		}
		switch r.kind {
		case "fetch":
			_, _ = http.Get(r.url) // want `note: blockloop: http.Get waits on the network for one message while the loop of serve receives no other`
		case "keep":
			kept[r.url] = true
		}
	}
}

// Who sends the body of a request waits for one answer.
func upload(w http.ResponseWriter, req *http.Request) {
	r := bufio.NewReader(req.Body)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch line {
		case "fetch":
			_, _ = http.Get("http://example.com")
		case "keep":
			println(line)
		}
	}
}

// What is read is no variable.
func source() *bufio.Reader { return bufio.NewReader(nil) }

func read() {
	for {
		line, err := source().ReadString('\n')
		if err != nil {
			return
		}
		println(line)
	}
}
