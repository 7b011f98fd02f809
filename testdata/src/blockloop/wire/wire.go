// Package wire has connections whose reader gives answers, and calls what others have left.
package wire

import (
	"encoding/json"
	"io"
	"sync"
)

// A Line sends questions and receives their answers, and news.
type Line struct {
	dec   *json.Decoder
	enc   *json.Encoder
	mu    sync.Mutex
	last  int
	open  map[int]chan parcel
	heard map[string][]func(json.RawMessage)
}

type parcel struct {
	ID   int
	Kind string
	Body json.RawMessage
}

func New(rw io.ReadWriter) *Line {
	return &Line{
		dec: json.NewDecoder(rw), enc: json.NewEncoder(rw),
		open: make(map[int]chan parcel), heard: make(map[string][]func(json.RawMessage)),
	}
}

// Read gives each answer to who waits for it.
func (l *Line) Read() error {
	for {
		var p parcel
		if err := l.dec.Decode(&p); err != nil {
			return err
		}
		l.pass(p)
	}
}

func (l *Line) pass(p parcel) {
	l.mu.Lock()
	answer, ok := l.open[p.ID]
	delete(l.open, p.ID)
	heard := l.heard[p.Kind]
	l.mu.Unlock()
	if ok {
		answer <- p
		return
	}
	for _, f := range heard {
		f(p.Body) // want `note: blockloop: f, set elsewhere, runs on the loop of Line.Read, which serves nobody else while it blocks`
	}
}

// Hear leaves a function for news of a kind.
func (l *Line) Hear(kind string, f func(json.RawMessage)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard[kind] = append(l.heard[kind], f)
}

// Ask waits for the answer.
func (l *Line) Ask(kind string) (json.RawMessage, error) {
	answer := make(chan parcel, 1)
	l.mu.Lock()
	l.last++
	id := l.last
	l.open[id] = answer
	err := l.enc.Encode(parcel{ID: id, Kind: kind})
	l.mu.Unlock()
	if err != nil {
		return nil, err
	}
	p := <-answer
	return p.Body, nil
}

// Tell waits for none.
func (l *Line) Tell(kind string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.enc.Encode(parcel{Kind: kind})
}

// A Pipe answers the questions of others as it reads.
type Pipe struct {
	in     chan parcel
	answer chan parcel
}

func (p *Pipe) Run() {
	for m := range p.in {
		if m.Kind == "answer" {
			p.answer <- m
			continue
		}
		p.Ask() // want `warning: blockloop: \(\*Pipe\).Ask waits to receive on the loop of Pipe.Run, which alone gives the answer: deadlock, hand it to a goroutine`
	}
}

func (p *Pipe) Ask() parcel { return <-p.answer }

// What a loop keeps for itself is a queue of its own.
type ring struct {
	in   chan parcel
	held chan parcel
}

func (r *ring) run() {
	for p := range r.in {
		if len(r.held) < cap(r.held) {
			r.held <- p
			continue
		}
		r.pop()
	}
}

func (r *ring) pop() parcel { return <-r.held }

// Another goroutine answers, too: by the same function, by another name, or as it closes.
type several struct {
	in           chan parcel
	a, b, c      chan parcel
	tick, others <-chan parcel
}

func (s *several) run() {
	for p := range s.in {
		switch p.Kind {
		case "a":
			s.give(p)
		case "b":
			s.b <- p
		case "c":
			s.c <- p
		default:
			s.TakeA()
			s.TakeB()
			s.TakeC()
		}
	}
}

func (s *several) give(p parcel) { s.a <- p }

func (s *several) ticks() {
	for p := range s.tick {
		s.give(p)
	}
	close(s.c)
}

func (s *several) start() {
	go s.run()
	go s.ticks()
	go relay(s.others, s.b)
}

func relay(from <-chan parcel, to chan<- parcel) {
	for p := range from {
		to <- p
	}
}

func (s *several) TakeA() parcel { return <-s.a }
func (s *several) TakeB() parcel { return <-s.b }
func (s *several) TakeC() parcel { return <-s.c }

// Each of several has a loop, and asks another one.
type peer struct {
	lines  io.Reader
	peers  map[string]*peer
	answer chan string
}

func serve(list map[string]io.Reader) {
	peers := make(map[string]*peer)
	for name, r := range list {
		p := &peer{r, peers, make(chan string, 1)}
		peers[name] = p
		go p.read()
	}
}

func (p *peer) read() {
	dec := json.NewDecoder(p.lines)
	for {
		var m parcel
		if err := dec.Decode(&m); err != nil {
			return
		}
		if m.Kind == "answer" {
			p.answer <- m.Kind
			continue
		}
		p.peers[m.Kind].Ask()
	}
}

func (p *peer) Ask() string { return <-p.answer }

// One stage takes what the one before it gives, behind the same interface.
type taker interface{ take() parcel }

type stage struct {
	from taker
	out  chan parcel
}

func (s *stage) run() {
	for {
		s.out <- s.from.take()
	}
}

func (s *stage) take() parcel { return <-s.out }
