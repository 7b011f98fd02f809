package fanout

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// Tokens that are taken only where there is a limit: somebody has chosen to have none.
// A guard on something else is a way round them. All here that is wrong is a warning.

// Tickets that are laid out.
func tickets(letters <-chan string, limit int) {
	pool := make(chan struct{}, limit)
	go func() {
		for range limit {
			pool <- struct{}{}
		}
	}()
	for {
		select {
		case l, open := <-letters:
			if !open {
				return
			}
			if limit > 0 {
				<-pool
			}
			go func() {
				fetch(l)
				if limit > 0 {
					pool <- struct{}{}
				}
			}()
		}
	}
}

func ticketsUnlessFast(letters <-chan string, limit int, fast bool) {
	pool := make(chan struct{}, limit)
	for range limit {
		pool <- struct{}{}
	}
	for l := range letters {
		if !fast {
			<-pool
		}
		go func() { // want "warning: .*each of letters"
			fetch(l)
			if !fast {
				pool <- struct{}{}
			}
		}()
	}
}

func placesForSome(us []string, limit int) {
	sem := make(chan struct{}, limit)
	for _, u := range us {
		if limit != 0 {
			sem <- struct{}{}
		}
		go func() {
			fetch(u)
			if limit != 0 {
				<-sem
			}
		}()
	}
}

func placesOfLong(us []string, limit int) {
	sem := make(chan struct{}, limit)
	for _, u := range us {
		if len(u) > 0 {
			sem <- struct{}{}
		}
		go func() { // want "note: .*each of us"
			fetch(u)
			if len(u) > 0 {
				<-sem
			}
		}()
	}
}

// The limit is tested with something else.
func placesOfSomeLimit(us []string, limit int, fast bool) {
	sem := make(chan struct{}, limit)
	for _, u := range us {
		if limit > 0 && !fast {
			sem <- struct{}{}
		}
		go func() { // want "note: .*each of us"
			fetch(u)
			if limit > 0 && !fast {
				<-sem
			}
		}()
	}
}

// The contrary of a test comes first.
func otherwise(us []string, limit int) {
	sem := make(chan struct{}, limit)
	for _, u := range us {
		if 0 >= limit {
			println(u)
		} else {
			sem <- struct{}{}
		}
		go func() {
			defer func() {
				if 0 < limit {
					<-sem
				}
			}()
			fetch(u)
		}()
	}
}

// Where there is a limit, none is taken.
func contrary(us []string, limit int) {
	sem := make(chan struct{}, max(limit, 4))
	for _, u := range us {
		if limit <= 0 {
			sem <- struct{}{}
		}
		go func() { // want "note: .*each of us"
			fetch(u)
			if limit <= 0 {
				<-sem
			}
		}()
	}
}

type porter struct {
	limit int64
	rooms chan struct{}
	seats *semaphore.Weighted
}

func newPorter(limit int64) *porter {
	p := &porter{limit: limit}
	if limit > 0 {
		p.rooms = make(chan struct{}, limit)
		p.seats = semaphore.NewWeighted(limit)
	}
	return p
}

func (p *porter) inRooms(us []string) {
	for _, u := range us {
		if p.rooms != nil {
			p.rooms <- struct{}{}
		}
		go func() {
			fetch(u)
			if p.rooms != nil {
				<-p.rooms
			}
		}()
	}
}

func (p *porter) byCapacity(us []string) {
	for _, u := range us {
		if cap(p.rooms) > 0 {
			p.rooms <- struct{}{}
		}
		go func() {
			fetch(u)
			if cap(p.rooms) > 0 {
				<-p.rooms
			}
		}()
	}
}

func (p *porter) byNumber(us []string) {
	for _, u := range us {
		if p.limit > 0 {
			p.rooms <- struct{}{}
		}
		go func() {
			fetch(u)
			if p.limit > 0 {
				<-p.rooms
			}
		}()
	}
}

func (p *porter) onSeats(ctx context.Context, us []string) {
	for _, u := range us {
		if p.limit > 0 {
			if p.seats.Acquire(ctx, 1) != nil {
				return
			}
		}
		go func() {
			fetch(u)
			if p.limit > 0 {
				p.seats.Release(1)
			}
		}()
	}
}

func (p *porter) onSomeSeats(ctx context.Context, us []string, fast bool) {
	for _, u := range us {
		if !fast {
			if p.seats.Acquire(ctx, 1) != nil {
				return
			}
		}
		go func() { // want "note: .*each of us"
			fetch(u)
			if !fast {
				p.seats.Release(1)
			}
		}()
	}
}

// In helpers of its own.
func (p *porter) enter() {
	if p.limit > 0 {
		p.rooms <- struct{}{}
	}
}

func (p *porter) leave() {
	if p.limit > 0 {
		<-p.rooms
	}
}

func (p *porter) helped(us []string) {
	for _, u := range us {
		p.enter()
		go func() {
			defer p.leave()
			fetch(u)
		}()
	}
}

// What is missing is no limit: somebody has to make it, each time.
type inbox struct{ in chan string }

func deliver(letters <-chan string, boxes map[string]*inbox) {
	for l := range letters {
		b := boxes[l]
		if b == nil {
			boxes[l] = &inbox{in: make(chan string, 8)}
			go fetch(l) // want "warning: .*each of letters"
		} else {
			b.in <- l
		}
	}
}

// The limit is missing: somebody has chosen to have none.
func unlimited(us []string, sem chan struct{}) {
	for _, u := range us {
		if sem == nil {
			go fetch(u)
			continue
		} else {
			sem <- struct{}{}
		}
		go func() {
			fetch(u)
			if sem != nil {
				<-sem
			}
		}()
	}
}
