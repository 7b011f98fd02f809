package doubt

import (
	"context"
	"os"
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
	select { // want "a.mu is held while this waits in select"
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
	return <-done // want "a.mu is held while this receives from done"
}
