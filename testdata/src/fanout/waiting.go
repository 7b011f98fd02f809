package fanout

import (
	"context"
	"sync"
)

// A task that waits for what comes in, and then goes over it once, is there to
// wait: nobody would put it on a pool of the size of the cores.

type feed interface {
	Read(b []byte) (int, error)
}

type track struct {
	in   feed
	full chan []byte
	stop chan struct{}
	down *sync.WaitGroup
	list []feed
}

func checksum(b []byte) (n int) {
	for _, c := range b {
		n += int(c)
	}
	return n
}

func readers(tracks []*track) {
	for _, t := range tracks {
		go func() { // want "note: .*for each of tracks to run code that is not known here"
			b := make([]byte, 1500)
			for {
				n, err := t.in.Read(b)
				if err != nil {
					return
				}
				for _, c := range b[:n] {
					print(c)
				}
			}
		}()
	}
}

func (t *track) next() []byte {
	select {
	case b := <-t.full:
		return b
	case <-t.stop:
	}
	return nil
}

func firstPackets(tracks []*track) {
	for _, t := range tracks {
		if t.full == nil {
			continue
		}
		go func() {
			if b := t.next(); b != nil {
				print(checksum(b))
			}
		}()
	}
}

func closers(tracks []*track) {
	for _, t := range tracks {
		go func() {
			if t.list == nil {
				return
			}
			for range t.list {
				print(t.list)
			}
			t.down.Wait()
		}()
	}
}

// A task that asks somebody now and then computes.
func sums(all [][]byte, progress chan int) {
	for _, b := range all {
		go func() { // want "note: .*for each of all to compute"
			n := 0
			for _, c := range b {
				n += int(c)
			}
			if n > 1<<20 {
				progress <- n
			}
		}()
	}
}

// A task that goes over rows and cells to have each one checked by code elsewhere.
type reviewer interface{ Check(cell string) error }

func checks(all [][][]string, c reviewer) {
	for _, rows := range all {
		go func() { // want "note: .*for each of all to run code that is not known here"
			for _, row := range rows {
				for _, cell := range row {
					c.Check(cell)
				}
			}
		}()
	}
}

// To cancel something runs no code of others: the sums are what the tasks are for.
func cancelled(all [][]string, end context.CancelFunc) {
	for _, words := range all {
		go func() { // want "note: .*for each of all to compute"
			n := 0
			for _, w := range words {
				for _, r := range w {
					n += int(r)
				}
			}
			print(n)
			end()
		}()
	}
}
