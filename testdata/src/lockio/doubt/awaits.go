package doubt

import (
	"os"
	"sync"
	"time"
)

// Who looks for a file in an endless loop waits for it to come: the pause is no rare thing.
type intray struct {
	mu     sync.RWMutex
	dir    string
	owners map[string]string
}

func (s *intray) await(name string, stop <-chan struct{}) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(s.dir + "/" + name); err == nil {
			return s.owners[name]
		}
		select { // want "note: .*s.mu is held while this waits in select"
		case <-tick.C:
		case <-stop:
			return ""
		}
	}
}

func (s *intray) own(name, owner string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owners[name] = owner
}

// Who tries to open it, a few times, has mostly done so the first time.
func (s *intray) open(name string) (f *os.File, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range 3 {
		if f, err = os.Open(s.dir + "/" + name); err == nil {
			return f, nil
		}
		time.Sleep(time.Second)
	}
	return nil, err
}
