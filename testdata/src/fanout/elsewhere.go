package fanout

import (
	"time"

	"fanout/par"
)

// What functions of another package do with what they are given.

func timed(us []string) {
	for _, u := range us {
		par.Timed(time.Second, func() error { return fetch(u) })
		par.Joined(func() { fetch(u) })
	}
}

func detached(us []string) {
	for _, u := range us {
		par.Detached(false, func() { fetch(u) }) // want "note: .*each of us"
	}
}

func eachElsewhere(us []string) {
	par.Each(us, func(u string) { fetch(u) }) // want "note: .*each of us and each waits on the network"
	par.Each(us[:2], func(u string) { fetch(u) })
}

func timesElsewhere(us []string) {
	par.Times(len(us), func(i int) { fetch(us[i]) }) // want "note: .*each of len.us."
	par.Times(4, func(i int) { fetch(us[i]) })
	par.Times(min(4, len(us)), func(i int) { fetch(us[i]) })
}

func crewElsewhere(us []string) {
	c := par.NewCrew(par.WithConcurrency(8))
	for _, u := range us {
		c.Go(func() { fetch(u) })
	}
	c.Wait()
}

// A place in the room of another package, for data and for what comes in.
func roomElsewhere(us []string, letters chan letter) {
	room := par.NewRoom(8)
	for _, u := range us {
		room.Enter()
		go func() {
			defer room.Leave()
			fetch(u)
		}()
	}
	for l := range letters {
		room.Enter()
		go func() {
			fetch(l.to)
			room.Leave()
		}()
	}
}
