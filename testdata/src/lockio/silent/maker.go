package silent

import (
	"os"
	"sync"
	"time"
)

// A volume is made by one of several functions, by its kind. That one of them sleeps, as a
// fake that is as slow as it is asked to be, says nothing of the others.
type volume interface{ Stat(name string) error }

var makers = map[string]func(root string) (volume, error){
	"real": func(root string) (volume, error) { return newReal(root) },
	"fake": func(root string) (volume, error) { return newFake(root), nil },
}

type realVolume struct{ root string }

func newReal(root string) (*realVolume, error) {
	_, err := os.Stat(root)
	return &realVolume{root}, err
}

func (d *realVolume) Stat(name string) error { _, err := os.Stat(d.root + name); return err }

type fakeVolume struct{ latency time.Duration }

func newFake(root string) *fakeVolume {
	d := &fakeVolume{}
	if l, err := time.ParseDuration(root); err == nil {
		d.latency = l
	}
	d.Stat("/")
	return d
}

func (d *fakeVolume) Stat(string) error { time.Sleep(d.latency); return nil }

type archive struct {
	mu      sync.Mutex
	kind    string
	volumes map[string]volume
}

func (l *archive) open(root string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if makerOf, ok := makers[l.kind]; ok {
		d, err := makerOf(root) // want "silent: .*l.mu is held while the function literal at maker.go:15 sleeps"
		if err != nil {
			return err
		}
		l.volumes[root] = d
	}
	return nil
}

func (l *archive) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.volumes)
}
