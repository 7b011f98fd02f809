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

// A Pipe answers its own questions as it reads.
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
		p.ask() // want `warning: blockloop: \(\*Pipe\).ask waits to receive on the loop of Pipe.Run, which alone gives the answer: deadlock, hand it to a goroutine`
	}
}

func (p *Pipe) ask() parcel { return <-p.answer }

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
