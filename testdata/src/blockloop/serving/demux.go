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

// A shard is one of several that do the same, also behind a variable or a method, and one
// that is taken out gets a single answer.
type shard struct{ jobs chan []byte }

type shards struct {
	in      chan []byte
	all     []*shard
	waiting map[string]*shard
}

func newShards() *shards {
	s := &shards{in: make(chan []byte), waiting: make(map[string]*shard)}
	go s.run()
	return s
}

func (s *shards) add(id string, one *shard) {
	s.all = append(s.all, one)
	s.waiting[id] = one
}

func (s *shards) of(b []byte) *shard { return s.all[len(b)%len(s.all)] }

func (s *shards) take(id string) *shard {
	one := s.waiting[id]
	delete(s.waiting, id)
	return one
}

func (s *shards) run() {
	for b := range s.in {
		one := s.all[len(b)%len(s.all)]
		one.jobs <- b
		s.of(b).jobs <- b
		w := s.take(string(b))
		w.jobs <- b
	}
}
