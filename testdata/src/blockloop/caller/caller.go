// Package caller is on the line of another package.
package caller

import (
	"encoding/json"
	"io"
	"log"

	"blockloop/wire"
)

type desk struct {
	line  *wire.Line
	full  chan string
	later chan string
	names chan string
	stop  chan bool
}

// The answer would come by the reader that runs this.
func (d *desk) asks() {
	d.line.Hear("name", func(json.RawMessage) {
		b, err := d.line.Ask("who") // want `warning: blockloop: wire.\(\*Line\).Ask waits to receive on the loop of Line.Read, which alone gives the answer: deadlock, hand it to a goroutine`
		log.Println(b, err)
	})
	d.line.Hear("gone", func(json.RawMessage) { d.line.Tell("gone") })
	d.line.Hear("goes", func(json.RawMessage) {
		go func() {
			b, err := d.line.Ask("who")
			log.Println(b, err)
		}()
	})
}

// The reader of what is sent waits for the answer, and the one who sends gives it.
func (d *desk) sends() {
	d.line.Hear("full", func(b json.RawMessage) {
		d.full <- string(b) // want `warning: blockloop: the loop of Line.Read waits to send to a reader that waits for an answer of the loop: deadlock, put a queue without an end between them`
	})
	d.line.Hear("later", func(b json.RawMessage) {
		d.later <- string(b) // want `note: blockloop: the loop of Line.Read sends to d.later, hand it to a goroutine and post the result back`
	})
	d.line.Hear("named", func(b json.RawMessage) { d.names <- string(b) })
}

func (d *desk) reads() {
	for s := range d.full {
		b, err := d.line.Ask(s)
		log.Println(b, err)
	}
}

// One that goes on at once gets in nobody's way.
func (d *desk) goesOn() {
	for s := range d.later {
		go d.line.Ask(s)
	}
}

// A loop that serves others is the one that must not wait.
func (d *desk) serves() {
	for {
		select {
		case s := <-d.names:
			b, err := d.line.Ask(s) // want `warning: blockloop: wire.\(\*Line\).Ask waits for an answer of the loop of Line.Read, which waits to send to this loop: deadlock, hand it to a goroutine`
			log.Println(b, err)
		case <-d.stop:
			return
		}
	}
}

func Open(l *wire.Line) {
	d := &desk{l, make(chan string), make(chan string), make(chan string), make(chan bool)}
	d.asks()
	d.sends()
	go d.reads()
	go d.goesOn()
	go d.serves()
}

// What one line tells may be asked of another.
type relay struct{ up, down *wire.Line }

func (r *relay) passes() {
	r.up.Hear("name", func(json.RawMessage) {
		b, err := r.down.Ask("who")
		log.Println(b, err)
	})
}

func Relay(a, b io.ReadWriter) {
	r := &relay{wire.New(a), wire.New(b)}
	r.passes()
}
