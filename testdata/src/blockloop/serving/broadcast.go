package serving

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// What a loop receives goes to all who are connected, one after the other: one who does
// not read holds up the rest.
type peer struct {
	mu   sync.Mutex
	name string
	conn net.Conn
	out  chan string
}

func (p *peer) send(s string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := fmt.Fprintln(p.conn, s)
	return err
}

type room struct {
	mu    sync.Mutex
	peers map[string]*peer
	list  []*peer
	news  chan string
	conns map[net.Conn]bool
	urls  []string
}

func (r *room) all() map[string]*peer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.peers
}

func (r *room) dispatch(news <-chan string) {
	for s := range news {
		for name, p := range r.all() {
			if name == s {
				continue
			}
			if err := p.send(s); err != nil { // want `note: blockloop: \(\*peer\).send uses the network for one of r.all\(\) after the other, and the loop of room.dispatch serves none while one is stuck, give each a queue or a deadline`
				fmt.Println(err)
			}
		}
	}
}

// Below the loop, and to the connection that is the key.
func (r *room) run() {
	for {
		select {
		case s := <-r.news:
			r.tell(s)
		case <-time.After(time.Minute):
		}
	}
}

func (r *room) tell(s string) {
	for c := range r.conns {
		c.Write([]byte(s)) // want `note: blockloop: .*Write uses the network for one of r.conns after the other, and the loop of room.run`
	}
}

// Each has a goroutine, or a queue that takes what it has room for.
func (r *room) spread(news <-chan string) {
	for s := range news {
		for _, p := range r.list {
			go p.send(s)
		}
		for _, p := range r.list {
			select {
			case p.out <- s:
			default:
			}
		}
	}
}

// Who is called asks each of its own accord, and waits for all.
func (r *room) once(s string) {
	for _, p := range r.list {
		p.send(s)
	}
}

// A request for each address is work, which the loop is there for.
func (r *room) fetch(news <-chan string) {
	for s := range news {
		for _, u := range r.urls {
			if resp, err := http.Get(u + s); err == nil {
				resp.Body.Close()
			}
		}
	}
}

// The parts of one message go to one peer.
func (r *room) parts(p *peer, news <-chan []string) {
	for list := range news {
		for _, s := range list {
			p.send(s)
		}
	}
}

// One who is on a loop of its own holds up nobody else.
func (r *room) each(news <-chan string) {
	for _, p := range r.list {
		go func() {
			for s := range news {
				for _, q := range r.list {
					if q != p {
						q.send(s)
					}
				}
			}
		}()
	}
}
