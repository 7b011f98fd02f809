package workloads

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Capped waits for a far end that serves 24 at a time.
func Capped(n int) {
	servers := make(chan struct{}, 24)
	pool := newPool(4) // limit Capped
	for range n {
		pool.submit(func() { // site Capped
			servers <- struct{}{}
			time.Sleep(2 * time.Millisecond)
			<-servers
		})
	}
	pool.wait()
}

// Retrograde waits for a far end that slows down when more than 12 ask at once,
// as a disk does whose head has to move.
func Retrograde(n int) {
	var inFlight atomic.Int64
	pool := newPool(64) // limit Retrograde
	for range n {
		pool.submit(func() { // site Retrograde
			over := max(1, float64(inFlight.Add(1))/12)
			time.Sleep(time.Duration(over * over * float64(time.Millisecond)))
			inFlight.Add(-1)
		})
	}
	pool.wait()
}

// Cliff waits for a far end that begins to swap above 16 at once.
func Cliff(n int) {
	var inFlight atomic.Int64
	pool := newPool(64) // limit Cliff
	for range n {
		pool.submit(func() { // site Cliff
			d := time.Millisecond
			if n := inFlight.Add(1); n > 16 {
				d = time.Duration(n) * time.Millisecond / 4
			}
			time.Sleep(d)
			inFlight.Add(-1)
		})
	}
	pool.wait()
}

// Fsync waits for the disk.
func Fsync(n int, dir string) {
	block := make([]byte, 4096)
	pool := newPool(1) // limit Fsync
	for range n {
		pool.submit(func() { // site Fsync
			f, err := os.CreateTemp(dir, "block")
			if err != nil {
				panic(err)
			}
			f.Write(block)
			f.Sync()
			f.Close()
			os.Remove(f.Name())
		})
	}
	pool.wait()
}

// Server answers after 3 ms.
func Server() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(3 * time.Millisecond)
		io.WriteString(w, "done")
	}))
}

// HTTP asks the server.
func HTTP(n int, url string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1000}}
	defer client.CloseIdleConnections()
	pool := newPool(2) // limit HTTP
	for range n {
		pool.submit(func() { // site HTTP
			resp, err := client.Get(url)
			if err != nil {
				return
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		})
	}
	pool.wait()
}

// Rate may begin 4000 tasks a second.
func Rate(n int) {
	var mu sync.Mutex
	next := time.Now()
	pool := newPool(2) // limit Rate
	for range n {
		pool.submit(func() { // site Rate
			mu.Lock()
			if now := time.Now(); next.Before(now) {
				next = now
			}
			begin := next
			next = next.Add(250 * time.Microsecond)
			mu.Unlock()
			time.Sleep(time.Until(begin))
			time.Sleep(2 * time.Millisecond)
		})
	}
	pool.wait()
}
