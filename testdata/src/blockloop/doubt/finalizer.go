package doubt

import (
	"runtime"
	"sync"
)

// Closing waits for what it has told to end.
type decoder struct {
	quit chan struct{}
	wg   sync.WaitGroup
}

func (d *decoder) Close() {
	close(d.quit)
	d.wg.Wait()
}

type pooled struct{ d *decoder }

func get() *pooled {
	p := &pooled{&decoder{quit: make(chan struct{})}}
	runtime.AddCleanup(p, func(d *decoder) {
		d.Close() // want `note: .*\(\*decoder\).Close waits for other goroutines on runtime's loop`
	}, p.d)
	return p
}
