package doubt

import (
	"io"
	"net/http"
	"sync"
)

// To close a body waits for nobody: what is left in it is not read.
type download struct {
	mu   sync.Mutex
	resp *http.Response
	size int
}

func (d *download) start(req *http.Request) error {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.resp = resp
	return nil
}

func (d *download) drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.resp != nil {
		d.resp.Body.Close()
		hangUp(d.resp.Body)
		d.resp = nil
	}
}

func hangUp(c io.Closer) { c.Close() }

func (d *download) total() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.size
}
