package fanout

import (
	"os/exec"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A literal for what two loops start is in sight of both.
func bothOf(parents, children []string) error {
	var g errgroup.Group
	start := func(u string) {
		g.Go(func() error { fetch(u); return nil })
	}
	for _, u := range parents {
		start(u) // want `note: .*start starts a goroutine for each of parents and each waits on the network`
	}
	for _, u := range children {
		start(u) // want `note: .*start starts a goroutine for each of children and each waits on the network`
	}
	return g.Wait()
}

// It waits for each before the next.
func startedInTurn(us []string) {
	var wg sync.WaitGroup
	start := func(u string) {
		wg.Go(func() { fetch(u) })
	}
	for _, u := range us {
		start(u)
		wg.Wait()
	}
}

// A literal starts whatever it is given.
func dispatchBoth(letters chan letter, names <-chan string, quit chan bool) {
	start := func(f func()) { go f() }
	for {
		select {
		case l := <-letters:
			start(func() { fetch(l.to) }) // want `warning: .*start starts a goroutine for each of letters and each waits on the network`
		case n := <-names:
			start(func() { exec.Command("post", n).Run() }) // want `warning: .*start starts a goroutine for each of names and each waits for a subprocess`
		case <-quit:
			return
		}
	}
}

// So does one that waits for a place first.
func dispatchSome(letters chan letter, quit chan bool) {
	room := make(chan bool, 8)
	start := func(f func()) {
		room <- true
		go func() {
			defer func() { <-room }()
			f()
		}()
	}
	inPlace := func(f func()) { f() }
	for {
		select {
		case l := <-letters:
			start(func() { fetch(l.to) })
			inPlace(func() { fetch(l.to) })
		case <-quit:
			return
		}
	}
}

// All wait under one lock, which a literal takes that the tasks call.
func installAll(packages []string) (broken []string) {
	var (
		wg     sync.WaitGroup
		system sync.Mutex
		mu     = new(sync.Mutex)
	)
	install := func(p string) error {
		system.Lock()
		defer system.Unlock()
		return exec.Command("apt-get", "install", p).Run()
	}
	for _, p := range packages {
		wg.Go(func() {
			if install(p) != nil {
				mu.Lock()
				broken = append(broken, p)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return broken
}

// The lock is each call's own, or given back before the wait.
func installAtOnce(packages []string) {
	var system sync.Mutex
	own := func(p string) error {
		var mu sync.Mutex
		mu.Lock()
		defer mu.Unlock()
		return exec.Command("apt-get", "install", p).Run()
	}
	after := func(p string) error {
		system.Lock()
		system.Unlock()
		return exec.Command("apt-get", "install", p).Run()
	}
	for _, p := range packages {
		go func() { own(p) }()   // want `warning: .*each of packages and each waits for a subprocess`
		go func() { after(p) }() // want `warning: .*each of packages and each waits for a subprocess`
	}
}

func fetchCollected(us []string) {
	eachCollected(us, func(u string) { fetch(u) }) // want `note: .*eachCollected starts a goroutine for each of us and each waits on the network`
}
