package doubt

import "sync"

// Code that nobody here knows runs in a function that is called under the lock.
type siren struct {
	mu     sync.Mutex
	n      int
	peers  []Backend
	onTick func(n int)
	gauge  Gauge
	logf   func(format string, args ...any)
}

func (h *siren) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}

func (h *siren) tick() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
	h.tellLocked() // want `note: .*h.mu is held while .*siren..tellLocked runs p.Push, which may wait, or want the lock`
}

func (h *siren) tellLocked() {
	h.logf("tick %d", h.n)
	for _, p := range h.peers {
		p.Push(h.n)
	}
}

// Two calls below.
func (h *siren) reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n = 0
	h.changed() // want `note: .*h.mu is held while .*siren..changed runs h.onTick, which may wait, or want the lock`
}

func (h *siren) changed() { h.emit() }

func (h *siren) emit() {
	if h.onTick != nil {
		h.onTick(h.n)
	}
}

func Watch(h *siren, f func(int)) { h.onTick = f }

// A hook that this package alone sets, for its tests; and a method that cannot fail.
func (h *siren) measured() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
	h.sample()
}

func (h *siren) sample() {
	h.gauge.Set(float64(h.n))
	if beforeSample != nil {
		beforeSample()
	}
}

var beforeSample func()

// A Gauge takes a value.
type Gauge interface{ Set(v float64) }

// The lock is given back around the call.
func (h *siren) calm() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n--
	h.away()
}

func (h *siren) away() {
	h.mu.Unlock()
	h.onTick(h.n)
	h.mu.Lock()
}

// Elsewhere, and later.
func (h *siren) spread() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
	go h.tellLocked()
	h.laterLocked()
}

func (h *siren) laterLocked() {
	go h.onTick(h.n)
}

// Nothing but a print.
func (h *siren) printed() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.say()
}

func (h *siren) say() { h.logf("%d", h.n) }

// A Guest is told, and has no way to fail.
type Guest interface{ Told(n int) }

// Guests come one by one, each with whoever calls; the host has been there from the
// beginning.
type party struct {
	mu     sync.Mutex
	n      int
	guests []seat
	hosts  []Guest
}

type seat struct {
	from  int
	guest Guest
}

func NewParty(hosts ...Guest) *party { return &party{hosts: hosts} }

func (p *party) Join(g Guest) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.guests = append(p.guests, seat{p.n, g})
}

func (p *party) Serve() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	p.announce() // want `warning: .*p.mu is held while .*party..announce runs s.guest.Told, which may wait, or want the lock`
}

func (p *party) announce() {
	for _, s := range p.guests {
		if s.from < p.n {
			s.guest.Told(p.n)
		}
	}
}

func (p *party) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.thank()
}

func (p *party) clean() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.thank()
	p.n = 0
}

func (p *party) thank() {
	for _, h := range p.hosts {
		h.Told(0)
	}
}

// A constant says which of the code in a function runs.
func (p *party) Drop(g Guest) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove(g, false)
}

func (p *party) Expel(g Guest) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove(g, true) // want `warning: .*p.mu is held while .*party..remove runs s.guest.Told, which may wait, or want the lock`
}

func (p *party) remove(g Guest, tell bool) {
	for i, s := range p.guests {
		if s.guest == g {
			p.guests[i] = seat{}
			if tell {
				s.guest.Told(p.n)
			}
		}
	}
}
