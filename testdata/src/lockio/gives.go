package lockio

import (
	"net/http"
	"os/exec"
	"sync"
)

// A command that runs with the lock given back, on more ways than are told apart.
type console struct {
	mu   sync.Mutex
	info string
	n    int
}

func (c *console) command(name string, quietly, capture, line bool) {
	cmd := exec.Command(name)
	c.mu.Unlock()
	if quietly {
		cmd.Run()
	} else if capture {
		cmd.Output()
	} else if line {
		cmd.CombinedOutput()
	}
	c.mu.Lock()
}

func (c *console) redraw() {
	if c.info != "" {
		c.command(c.info, true, c.n > 1, c.n > 2)
	}
	c.n++
}

func (c *console) serve(names chan string) {
	for name := range names {
		c.mu.Lock()
		c.command(name, c.n > 1, c.n > 2, c.n > 3)
		c.redraw()
		c.mu.Unlock()
	}
}

// The same under the lock.
func (c *console) holds(name string, quietly, capture, line bool) {
	cmd := exec.Command(name)
	if quietly {
		cmd.Run()
	} else if capture {
		cmd.Output()
	} else if line {
		cmd.CombinedOutput()
	}
}

func (c *console) serveAll(names chan string) {
	for name := range names {
		c.mu.Lock()
		c.holds(name, c.n > 1, c.n > 2, c.n > 3) // want "waits for a subprocess"
		c.mu.Unlock()
	}
}

// What waits before it gives the lock back holds it for that long.
type parcel struct {
	mu    sync.Mutex
	stop  bool
	items []int
}

func (p *parcel) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.items = append(p.items, n)
}

func (p *parcel) flush() {
	p.mu.Lock()
	p.fetchAndUnlock() // want `lockio: p.mu is held while \(\*parcel\).fetchAndUnlock waits on the network`
}

func (p *parcel) fetchAndUnlock() {
	if p.stop {
		p.mu.Unlock()
		return
	}
	http.Get("http://example.com/")
	p.mu.Unlock()
}
