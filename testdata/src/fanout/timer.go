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
