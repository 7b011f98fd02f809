package fanout

import (
	"net/http"
	"os"
	"sync"
)

// A table of the program's own has a length that is written down, and yet each row
// gets its goroutine.
func table() {
	pages := make([]string, 400)
	var wg sync.WaitGroup
	for _, h := range pages {
		wg.Go(func() { http.Get(h) }) // want `note: fanout: sync.\(\*WaitGroup\).Go starts a goroutine for each of pages and each waits on the network, .*note: maintainers seldom change such places`
	}
	wg.Wait()
}

func counted() {
	var wg sync.WaitGroup
	for i := range 1000 {
		wg.Go(func() { os.ReadFile(names[i]) }) // want `note: fanout: sync.\(\*WaitGroup\).Go starts a goroutine for each of 1000 and each waits on the file system, .*note: maintainers seldom change such places`
	}
	wg.Wait()
}

// As many as a list that somebody wrote out are few.
func handful() {
	hosts := make([]string, 16)
	var wg sync.WaitGroup
	for _, h := range hosts {
		wg.Go(func() { http.Get(h) })
	}
	wg.Wait()
}

var names [1000]string

// A size of a pool is judged as one.
func crewOfMany(jobs <-chan string) {
	for range 200 {
		go func() {
			for u := range jobs {
				http.Get(u)
			}
		}()
	}
}

// What a function makes counts for those who call it; nil beside an error does not.
func dialsAll() error {
	conns, err := dialAll(400)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for _, c := range conns {
		wg.Go(func() { http.Get(c) }) // want `note: fanout: sync.\(\*WaitGroup\).Go starts a goroutine for each of conns and each waits on the network, .*note: maintainers seldom change such places`
	}
	wg.Wait()
	return nil
}

func dialAll(n int) ([]string, error) {
	conns := make([]string, n)
	for i := range conns {
		r, err := http.Get(names[i])
		if err != nil {
			return nil, err
		}
		conns[i] = r.Status
	}
	return conns, nil
}

// A chunk of so many at most is a size.
func chunked(us []string) {
	const size = 128
	for start := 0; start < len(us); start += size {
		end := min(start+size, len(us))
		var wg sync.WaitGroup
		for _, u := range us[start:end] {
			wg.Go(func() { http.Get(u) })
		}
		wg.Wait()
	}
}
