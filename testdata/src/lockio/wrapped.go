package lockio

import (
	"net/http"
	"sync"
)

// Wrappers of wrappers: what they do to the lock adds up.
type ferry struct {
	mu    sync.Mutex
	aside sync.Mutex
	trips int
}

func (f *ferry) enter(n int) {
	f.mu.Lock()
	f.trips += n
}

func (f *ferry) leave() { f.mu.Unlock() }

func (f *ferry) board() { f.enter(1) }

func (f *ferry) count() int {
	f.board()
	defer f.leave()
	return f.trips
}

func (f *ferry) ask(u string) {
	f.board()
	http.Get(u) // want `warning: .*f is held while http.Get waits on the network`
	f.leave()
}

// A passenger gives the ferry's lock back while it waits.
type passenger struct{ n int }

func (p *passenger) once(f *ferry, u string) error {
	f.leave()
	_, err := http.Get(u)
	f.enter(0)
	return err
}

func (p *passenger) wait(f *ferry, u string, called, gone chan int) error {
	defer func() { p.n-- }()
	for {
		p.n++
		f.leave()
		if _, err := http.Get(u); err != nil {
			f.board()
			return err
		}
		select {
		case <-called:
			f.enter(p.n)
		case <-gone:
			f.board()
			return nil
		}
	}
}

// It takes the lock by a wrapper and gives it back by itself.
func (p *passenger) mixed(f *ferry, u string) {
	f.mu.Unlock()
	http.Get(u)
	f.board()
}

// What it gives back is another lock.
func (p *passenger) other(f *ferry, u string) {
	f.aside.Unlock()
	http.Get(u)
	f.aside.Lock()
}

func (f *ferry) passes(p *passenger, u string, called, gone chan int) error {
	f.board()
	defer f.leave()
	p.mixed(f, u)
	if err := p.once(f, u); err != nil {
		return err
	}
	return p.wait(f, u, called, gone)
}

func (f *ferry) stays(p *passenger, u string) {
	f.board()
	defer f.leave()
	f.aside.Lock()
	p.other(f, u) // want `warning: .*waits on the network`
	f.aside.Unlock()
}

func (f *ferry) idle() {
	f.aside.Lock()
	defer f.aside.Unlock()
}

// What a function does before it takes the lock that it hands back, it does under those of its
// caller.
type depots struct {
	mu    sync.Mutex
	doors map[string]*sync.Mutex
	n     int
}

func (d *depots) open(name string) func() {
	http.Head(name)
	m := d.doors[name]
	m.Lock()
	return m.Unlock
}

func (d *depots) find(name string) func() {
	d.mu.Lock()
	m := d.doors[name]
	d.mu.Unlock()
	m.Lock()
	return m.Unlock
}

func (d *depots) number() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.n
}

func (d *depots) enter(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	leave := d.open(name) // want `warning: .*d.mu is held while \(\*depots\).open waits on the network`
	d.n++
	leave()
}

func (d *depots) again(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	leave := d.find(name) // want `warning: .*d.mu is held while \(\*depots\).find takes it again: deadlock`
	d.n++
	leave()
}

func (d *depots) below(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.step(name) // want `warning: .*d.mu is held while \(\*depots\).step takes it again: deadlock`
}

func (d *depots) step(name string) {
	leave := d.find(name)
	d.n++
	leave()
}

// Each of two ways gives back what was taken before them: together they give back one.
type dustbin struct {
	mu   sync.Mutex
	full int
}

func (d *dustbin) empty(all bool) {
	d.mu.Lock()
	if all {
		d.full = 0
		d.mu.Unlock()
	} else {
		d.full--
		d.mu.Unlock()
		d.weigh()
	}
}

func (d *dustbin) take(how int) {
	switch how {
	case 0:
		d.mu.Lock()
		d.full = 0
		d.mu.Unlock()
	case 1:
		d.mu.Lock()
		d.full--
		d.mu.Unlock()
	}
}

func (d *dustbin) press() {
	d.mu.Lock()
	d.full /= 2
	d.empty(false) // want `warning: .*d.mu is held while \(\*dustbin\).empty takes it again: deadlock`
	d.mu.Unlock()
}

func (d *dustbin) weigh() {}

// Who has taken it in turn has given it back.
func (d *dustbin) carry() {
	d.mu.Lock()
	d.mu.Unlock()
	d.take(1)
	d.empty(true)
	http.Get("http://example.com/carried")
}
