package host

import "sync"

// A Feed tells of news. What runs under a lock in one of its implementations runs under none
// in another.
type Feed interface {
	Latest() string
	OnItem(func(string))
}

// A Fixed feed runs all that it has been given under its lock.
type Fixed struct {
	mu      sync.Mutex
	news    string
	readers []func(string)
}

func NewFixed(news string) *Fixed { return &Fixed{news: news} }

func (f *Fixed) Latest() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.news
}

func (f *Fixed) Set(news string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.news = news
	for _, read := range f.readers {
		read(news) // want "warning: lockio: f.mu is held while read runs"
	}
}

func (f *Fixed) OnItem(read func(string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.readers = append(f.readers, read)
}

// A Polled feed runs them one after the other, and holds nothing.
type Polled struct {
	mu      sync.Mutex
	news    string
	readers []func(string)
}

func (p *Polled) Latest() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.news
}

func (p *Polled) Set(news string) {
	p.mu.Lock()
	p.news = news
	readers := p.readers
	p.mu.Unlock()
	for _, read := range readers {
		read(news)
	}
}

func (p *Polled) OnItem(read func(string)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.readers = append(p.readers, read)
}
