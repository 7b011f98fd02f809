package fanout

// What comes in a request is as much as people like, and what has been gathered likewise.
type batch struct {
	URLs   []string
	queued []string
}

func (b *batch) run() {
	for _, u := range b.URLs {
		go fetch(u) // want "note: .*each of b.URLs"
	}
}

func (b *batch) add(u string) { b.queued = append(b.queued, u) }

func (b *batch) flush() {
	for _, u := range b.queued {
		go fetch(u) // want "note: .*each of b.queued"
	}
	b.queued = nil
}
