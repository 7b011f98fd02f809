package serving

import "sync"

// Answers come by one channel and go to whoever has asked: a caller that does not take
// its own holds up all others.
type answer struct {
	id   string
	more bool
}

type visitor struct{ answers chan *answer }

type desk struct {
	mu       sync.Mutex
	visitors map[string]*visitor
	in       chan []byte
}

func newDesk() *desk {
	d := &desk{visitors: make(map[string]*visitor), in: make(chan []byte)}
	go d.run()
	go d.runInPlace()
	return d
}

func (d *desk) ask(id string) chan *answer {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := &visitor{make(chan *answer, 32)}
	d.visitors[id] = c
	return c.answers
}

func (d *desk) answersOf(id string) chan *answer {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.visitors[id]
	if c == nil {
		return nil
	}
	return c.answers
}

func (d *desk) run() {
	for b := range d.in {
		ch := d.answersOf(string(b))
		if ch == nil {
			continue
		}
		ch <- &answer{id: string(b)} // want `note: blockloop: while one receiver of ch is slow, the loop of desk.run receives for none of the others`
	}
}

func (d *desk) runInPlace() {
	for b := range d.in {
		d.mu.Lock()
		c := d.visitors[string(b)]
		d.mu.Unlock()
		if c == nil {
			continue
		}
		select {
		case c.answers <- &answer{id: string(b)}:
		default: // it has not taken the last ones, and loses this one
		}
	}
}
