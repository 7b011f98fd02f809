package fanout

import (
	"math/rand"
	"net/http"
	"sync"
	"time"

	"fanout/par"
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
		time.AfterFunc(after, c.refresh) // want "note: .*each of cs"
	}
}

func fetchEach(us []string) {
	for _, u := range us {
		time.AfterFunc(time.Second, func() { fetch(u) }) // want "note: .*each of us"
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

// A timer for each name: one that has not run yet gives way to the next of the same name,
// so that it is no task for each event.
func settleEach(events chan string) {
	timers := make(map[string]*time.Timer)
	for u := range events {
		if t := timers[u]; t != nil {
			t.Stop()
		}
		timers[u] = time.AfterFunc(time.Second, func() { fetch(u) })
	}
}

func settleEachSet(events chan string) {
	timers := make(map[string]*time.Timer)
	for u := range events {
		if t, ok := timers[u]; ok {
			t.Reset(time.Second)
			continue
		}
		t := time.AfterFunc(time.Second, func() { fetch(u) })
		timers[u] = t
	}
}

// The one that is stopped is that of another name.
func settleOther(events chan string, last string) {
	timers := make(map[string]*time.Timer)
	for u := range events {
		if t := timers[last]; t != nil {
			t.Stop()
		}
		timers[u] = time.AfterFunc(time.Second, func() { fetch(u) }) // want "warning: .*each of events"
	}
}

type settler struct {
	mu     sync.Mutex
	timers map[string]*time.Timer
	timer  *time.Timer
}

// after runs what it is given when a name has been quiet for a while.
func (s *settler) after(name string, run func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.timers[name]; ok {
		t.Stop()
	}
	s.timers[name] = time.AfterFunc(time.Second, func() {
		run()
		s.mu.Lock()
		delete(s.timers, name)
		s.mu.Unlock()
	})
}

// all runs what it is given when all has been quiet for a while.
func (s *settler) all(run func()) {
	if s.timer != nil {
		s.timer.Stop()
	}
	s.timer = time.AfterFunc(time.Second, run)
}

func (s *settler) drop(name string) {
	if t := s.timers[name]; t != nil {
		t.Stop()
	}
}

func (s *settler) dropFirst(name string, run func()) {
	s.drop(name)
	s.timers[name] = time.AfterFunc(time.Second, run)
}

// never takes nothing back.
func (s *settler) never(name string, run func()) {
	s.timers[name] = time.AfterFunc(time.Second, run)
}

func (s *settler) watch(events chan string) {
	for u := range events {
		s.arrived(u)
	}
}

func (s *settler) arrived(u string) {
	if u != "" {
		s.after(u, func() { fetch(u) })
	}
}

func settleBy(s *settler, events chan string) {
	for u := range events {
		s.after(u, func() { fetch(u) })
		s.dropFirst(u, func() { fetch(u) })
		s.never(u, func() { fetch(u) }) // want "warning: .*never starts a goroutine for each of events"
	}
}

// Each has a timer of its own.
func settleMany(many []*settler) {
	for _, s := range many {
		s.all(func() { fetch("http://localhost/") }) // want "note: .*all starts a goroutine for each of many"
	}
}

// Names that are there have a timer each.
func settleNames(names []string) {
	timers := make(map[string]*time.Timer)
	for _, u := range names {
		if t := timers[u]; t != nil {
			t.Stop()
		}
		timers[u] = time.AfterFunc(time.Second, func() { fetch(u) }) // want "note: .*each of names"
	}
}

// Taken back for some events only.
func settleSome(events chan string) {
	var timer *time.Timer
	for u := range events {
		if len(u) > 3 && timer != nil {
			timer.Stop()
		}
		timer = time.AfterFunc(time.Second, func() { fetch(u) }) // want "warning: .*each of events"
	}
}

// A handler that puts off what the last request has asked for.
func (s *settler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
	}
	s.timer = time.AfterFunc(time.Second, func() { fetch(r.FormValue("u")) })
}

// The one who puts off is in another package.
func settleElsewhere(s *par.Settler, events chan string) {
	for u := range events {
		s.After(u, func() { fetch(u) })
	}
}
