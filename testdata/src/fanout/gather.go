package fanout

import (
	"net"
	"os"
	"path/filepath"
	"sync"
)

// A task that starts more of its kind and gathers what they say is no worker: it
// is done when they are, however it waits for them.

func sweepBySelect(path string, found chan<- string) error {
	records, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	failed := make(chan error)
	done := make(chan bool, 1)
	var wg sync.WaitGroup
	for _, r := range records {
		wg.Add(1)
		go func() { // want "note: .*go starts a goroutine for each of records and each starts more"
			defer wg.Done()
			full := filepath.Join(path, r.Name())
			if r.IsDir() {
				if err := sweepBySelect(full, found); err != nil {
					failed <- err
				}
				return
			}
			found <- full
		}()
	}
	go func() {
		wg.Wait()
		done <- true
	}()
wait:
	for {
		select {
		case err := <-failed:
			return err
		case <-done:
			break wait
		}
	}
	return nil
}

func sweepByRange(path string) (sum int64) {
	records, _ := os.ReadDir(path)
	sizes := make(chan int64)
	var wg sync.WaitGroup
	for _, r := range records {
		wg.Add(1)
		go func() { // want "note: .*go starts a goroutine for each of records and each starts more"
			defer wg.Done()
			if r.IsDir() {
				sizes <- sweepByRange(filepath.Join(path, r.Name()))
			} else if info, err := r.Info(); err == nil {
				sizes <- info.Size()
			}
		}()
	}
	go func() {
		wg.Wait()
		close(sizes)
	}()
	for s := range sizes {
		sum += s
	}
	return sum
}

// What a connection's reader ends is a server of that connection: it lasts as long
// as the far end likes.
func relay(c net.Conn) {
	packets := make(chan []byte)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			b := make([]byte, 1500)
			if _, err := c.Read(b); err != nil {
				return
			}
			packets <- b
		}
	}()
	go func() {
		wg.Wait()
		close(done)
	}()
	for {
		select {
		case b := <-packets:
			c.Write(b)
		case <-done:
			return
		}
	}
}

func relays(list []net.Conn) {
	for _, c := range list {
		go relay(c)
	}
}

// What lies in a directory that is set is data.
type outbox struct{ opts struct{ Dir string } }

func (s *outbox) upload() {
	files, _ := os.ReadDir(s.opts.Dir)
	for _, f := range files {
		go fetch(f.Name()) // want "note: .*each of files"
	}
}
