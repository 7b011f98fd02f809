package lockio

import (
	"net/http"
	"sync"
)

// Rounds are written by one method and then another, which use the same group one after the
// other: each waits for what it has started itself.
type rounds struct {
	mu    sync.Mutex
	round sync.WaitGroup
	bad   int
}

func (b *rounds) write(urls []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.round.Add(len(urls))
	for _, url := range urls[:min(len(urls), 4)] {
		go b.one(url)
	}
	b.round.Wait() // want "note: .*waits for other goroutines, so all who want the lock wait too"
}

func (b *rounds) one(url string) {
	defer b.round.Done()
	http.Get(url)
}

func (b *rounds) counted(urls []string) {
	for _, url := range urls[:min(len(urls), 4)] {
		b.round.Add(1)
		go func() {
			defer b.round.Done()
			if _, err := http.Get(url); err != nil {
				b.mu.Lock()
				b.bad++
				b.mu.Unlock()
			}
		}()
	}
	b.round.Wait()
}

// Who waits for what others have started waits for all of them.
func (b *rounds) drain() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.round.Wait() // want "warning: .*and the other side takes it first: deadlock"
}

// What waits for its own, which take the lock, waits for ever.
func (b *rounds) stuck(urls []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, url := range urls[:min(len(urls), 4)] {
		b.round.Add(1)
		go b.slow(url)
	}
	b.round.Wait() // want "warning: .*and the other side takes it first: deadlock"
}

func (b *rounds) slow(url string) {
	defer b.round.Done()
	http.Get(url)
	b.mu.Lock()
	b.bad++
	b.mu.Unlock()
}

// A range is split under its lock: what the goroutines lock is the new one, which a function
// makes.
type span struct {
	mu    sync.Mutex
	hosts []string
}

func newSpan(hosts []string) *span {
	s := &span{}
	s.hosts = hosts
	return s
}

func (s *span) split() *span {
	s.mu.Lock()
	defer s.mu.Unlock()
	next, err := create(s.hosts) // want "note: .*waits on the network, so all who want the lock wait too"
	if err != nil {
		return nil
	}
	return next
}

func create(hosts []string) (s *span, err error) {
	s = newSpan(hosts)
	var wg sync.WaitGroup
	for _, host := range hosts[:min(len(hosts), 4)] {
		wg.Go(func() {
			http.Get(host)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.hosts = append(s.hosts, host)
		})
	}
	wg.Wait()
	return s, nil
}

// One that there is already may be the one whose lock is held.
type spans struct{ first *span }

func (l *spans) split(s *span) *span {
	s.mu.Lock()
	defer s.mu.Unlock()
	return l.again(s.hosts) // want "warning: .*and the other side takes it first: deadlock"
}

func (l *spans) find(hosts []string) *span {
	if len(hosts) == 0 {
		return newSpan(hosts)
	}
	return l.first
}

func (l *spans) again(hosts []string) *span {
	s := l.find(hosts)
	var wg sync.WaitGroup
	for _, host := range hosts[:min(len(hosts), 4)] {
		wg.Go(func() {
			http.Get(host)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.hosts = append(s.hosts, host)
		})
	}
	wg.Wait()
	return s
}

// A span that a list may have already is not new, nor is one that somebody gives.
func (l *spans) known(host string) *span {
	for _, s := range l.all() {
		if s.hosts[0] == host {
			return s
		}
	}
	return newSpan([]string{host})
}

func (l *spans) all() []*span { return []*span{l.first} }

func (l *spans) joint(s *span) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.lookUp(s.hosts[0]) // want "warning: .*and the other side takes it first: deadlock"
}

func (l *spans) lookUp(host string) {
	s := l.known(host)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.hosts = nil
		})
	}
	wg.Wait()
}

// What one method starts and does not wait for is there when another one waits.
type beat struct {
	mu    sync.Mutex
	group sync.WaitGroup
	bad   int
}

func (b *beat) start(url string) {
	b.group.Add(1)
	go b.loop(url)
}

func (b *beat) loop(url string) {
	defer b.group.Done()
	http.Get(url)
	b.mu.Lock()
	b.bad++
	b.mu.Unlock()
}

func (b *beat) stop(url string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.group.Add(1)
	go b.flush(url)
	b.group.Wait() // want "warning: .*and the other side takes it first: deadlock"
}

func (b *beat) flush(url string) {
	defer b.group.Done()
	http.Get(url)
}

// Workers that are there all the time leave the group for each job of a round.
type foundry struct {
	mu    sync.Mutex
	group sync.WaitGroup
	work  chan string
	bad   int
}

func newFoundry() *foundry {
	m := &foundry{work: make(chan string, 100)}
	go m.worker()
	return m
}

func (m *foundry) worker() {
	for url := range m.work {
		m.mu.Lock()
		m.bad += len(url)
		m.mu.Unlock()
		m.group.Done()
	}
}

func (m *foundry) flush(urls []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.group.Add(1)
	go m.one()
	for range urls {
		m.group.Add(1)
	}
	m.group.Wait() // want "warning: .*and the other side takes it first: deadlock"
}

func (m *foundry) again() {
	m.group.Add(1)
	go m.one()
	m.group.Wait()
}

func (m *foundry) one() { defer m.group.Done() }
