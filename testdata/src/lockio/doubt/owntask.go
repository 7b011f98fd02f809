package doubt

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"sync"
)

// What its own goroutine does with files is long, but sure to end.
type attic struct {
	mu    sync.RWMutex
	boxes []string
}

func (a *attic) put(boxes []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.boxes = boxes
}

func (a *attic) open(ctx context.Context, name string) []byte {
	a.mu.RLock()
	defer a.mu.RUnlock()
	done := make(chan []byte, 1)
	go func() {
		b, _ := os.ReadFile(name)
		done <- b
	}()
	select { // want "note: .*a.mu is held while this waits in select"
	case b := <-done:
		return b
	case <-ctx.Done():
		return nil
	}
}

// Nor is one known that waits for somebody else in turn.
func (a *attic) count(all chan int) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	done := make(chan int)
	go func() { done <- len(a.boxes) + <-all }()
	return <-done // want "note: .*a.mu is held while this receives from done"
}

// One that wants a lock waits for who fetches under it.
type cellar struct {
	mu, door sync.Mutex
	boxes    []string
	opened   int
}

func (c *cellar) put(boxes []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.boxes = boxes
}

func (c *cellar) deliver(url string) {
	c.door.Lock()
	defer c.door.Unlock()
	http.Get(url) // want "note: .*c.door is held while http.Get waits on the network"
}

func (c *cellar) order(url string) {
	c.door.Lock()
	defer c.door.Unlock()
	http.Head(url) // want "note: .*c.door is held while http.Head waits on the network"
}

func (c *cellar) enter() {
	c.door.Lock()
	defer c.door.Unlock()
	c.opened++
}

func (c *cellar) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	done := make(chan int)
	go func() {
		c.enter()
		done <- len(c.boxes)
	}()
	return <-done // want "note: .*c.mu is held while this receives from done"
}

// So does a function that waits for its own goroutine, whatever else may end the wait.
func (a *attic) exported(ctx context.Context, cmd *exec.Cmd) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return export(ctx, cmd) // want "note: .*a.mu is held while export waits for a subprocess"
}

func export(ctx context.Context, cmd *exec.Cmd) error {
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
