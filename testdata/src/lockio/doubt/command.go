package doubt

import (
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
		c.holds(name, c.n > 1, c.n > 2, c.n > 3) // want "note: .*waits for a subprocess"
		c.mu.Unlock()
	}
}

// A command under the lock that short work wants: most commands are short, and many are
// what the lock is there for.
type disk struct {
	mu sync.Mutex
	n  int
}

func (d *disk) sync() {
	d.mu.Lock()
	defer d.mu.Unlock()
	exec.Command("sync").Run() // want `note: .*d.mu is held while exec.\(\*Cmd\).Run waits for a subprocess`
}

func (d *disk) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.n
}
