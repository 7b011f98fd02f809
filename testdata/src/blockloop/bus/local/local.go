// Package local has a bus that gives each handler a goroutine.
package local

type Bus struct{ handlers []func([]byte) }

func (b *Bus) Tell(data []byte) {
	for _, h := range b.handlers {
		go h(data)
	}
}

func (b *Bus) Hear(h func([]byte)) { b.handlers = append(b.handlers, h) }
