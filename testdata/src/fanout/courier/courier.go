// Package courier sends letters. That it does not wait for those, no signature says.
package courier

import (
	"net/http"
	"sync"
)

type Letter struct{ To string }

type Box struct {
	Base  string
	Slots chan struct{}
	later []Letter
}

// Post does not wait for the peer.
func (b *Box) Post(l Letter) { go b.send(l) }

// PostInTurn waits for a place first.
func (b *Box) PostInTurn(l Letter) {
	b.Slots <- struct{}{}
	go func() {
		defer func() { <-b.Slots }()
		b.send(l)
	}()
}

// PostBoth waits for those that it starts.
func (b *Box) PostBoth(l Letter) {
	var wg sync.WaitGroup
	wg.Go(func() { b.send(l) })
	wg.Go(func() { b.send(Letter{"copy/" + l.To}) })
	wg.Wait()
}

// PostLater has one goroutine that sends all that comes, which the first call starts.
func (b *Box) PostLater(l Letter) {
	if len(b.later) == 0 {
		go b.sendAll()
	}
	b.later = append(b.later, l)
}

func (b *Box) sendAll() {
	for i := 0; i < len(b.later); i++ {
		b.send(b.later[i])
	}
}

// Note starts what waits for nobody.
func (b *Box) Note(l Letter) { go println(l.To) }

func (b *Box) send(l Letter) {
	if resp, err := http.Get(b.Base + l.To); err == nil {
		resp.Body.Close()
	}
}
