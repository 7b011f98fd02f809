package fanout

import (
	"math/rand"
	"time"
)

type cache struct{ url string }

func (c *cache) refresh() { fetch(c.url) }

// How long to wait is chosen anew each time, what runs then is the same: it is the
// timer of the loop.
func refreshLater(c *cache, us []string) {
	for _, u := range us {
		if u == "" {
			after := time.Duration(rand.Intn(5)) * time.Second
			time.AfterFunc(after, c.refresh)
		}
	}
}

// Each of these refreshes something else.
func refreshEach(cs []*cache) {
	for _, c := range cs {
		after := time.Duration(rand.Intn(5)) * time.Second
		time.AfterFunc(after, c.refresh) // want "each of cs"
	}
}

func fetchEach(us []string) {
	for _, u := range us {
		time.AfterFunc(time.Second, func() { fetch(u) }) // want "each of us"
	}
}

// What an earlier event has started is taken back: there is one timer, whose task
// runs when the events pause.
func settle(events chan string) {
	var timer *time.Timer
	for u := range events {
		if timer != nil {
			timer.Stop()
		}
		timer = time.AfterFunc(time.Second, func() { fetch(u) })
	}
}

func settleInHelper(events chan string, skip string) {
	var timer *time.Timer
	stop := func() {
		if timer != nil {
			timer.Stop()
			timer = nil
		}
	}
	defer stop()
	for {
		select {
		case u, ok := <-events:
			if !ok {
				return
			}
			if u == skip {
				continue
			}
			stop()
			timer = time.AfterFunc(time.Second, func() { fetch(u) })
		}
	}
}

// A timer for each name: only the one of the same name is taken back.
func settleEach(events chan string) {
	timers := make(map[string]*time.Timer)
	for u := range events {
		if t := timers[u]; t != nil {
			t.Stop()
		}
		timers[u] = time.AfterFunc(time.Second, func() { fetch(u) }) // want "each of events"
	}
}

// Taken back for some events only.
func settleSome(events chan string) {
	var timer *time.Timer
	for u := range events {
		if len(u) > 3 && timer != nil {
			timer.Stop()
		}
		timer = time.AfterFunc(time.Second, func() { fetch(u) }) // want "each of events"
	}
}
