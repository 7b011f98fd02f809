// Package given hands work to the pools of another package.
package given

import (
	"flag"
	"net/http"
	"strings"

	"poolfit/hands"
)

func send(u string) {
	if resp, err := http.Post(u, "text/plain", nil); err == nil {
		resp.Body.Close()
	}
}

func count(lines []string) int {
	n := 0
	for _, l := range lines {
		for _, w := range strings.Fields(l) {
			n += len(w)
		}
	}
	return n
}

// A number that means none is replaced over there.
func anyNumber(urls []string, all [][]string) {
	t := hands.NewTeam(hands.Any) // want "warning: poolfit: hands.*Spawn runs work that waits on the network on a pool of the size of the cores"
	for _, u := range urls {
		t.Spawn(func() { send(u) })
	}
	for _, u := range urls {
		t.Await(func() { send(u) }) // want "warning: poolfit: hands.*Await runs work that waits on the network on a pool of the size of the cores"
	}
	for _, lines := range all {
		t.Spawn(func() { count(lines) }) // at home there
	}
	t.Wait()
}

// One that is right for waiting, and wrong for computing.
func ownNumber(urls []string, all [][]string) {
	t := hands.NewTeam(100) // want "note: poolfit: hands.*Spawn runs work that waits on the network on a fixed 100 workers"
	for _, u := range urls {
		t.Spawn(func() { send(u) })
	}
	for _, lines := range all {
		t.Spawn(func() { count(lines) }) // want "note: poolfit: hands.*Spawn computes on 100 workers whatever the machine has"
	}
}

var (
	workers = flag.Int("workers", 0, "")
	senders = flag.Int("senders", 16, "")
)

// What is chosen, or else as many as there are cores.
func chosen(urls []string) {
	t, s := hands.NewTeam(*workers), hands.NewTeam(*senders) // want "note: poolfit: hands.*Spawn runs work that waits on the network by default on a pool of the size of the cores"
	for _, u := range urls {
		t.Spawn(func() { send(u) })
		s.Spawn(func() { send(u) }) // there is a default already
	}
}

// Kept in a field.
type mailer struct{ team *hands.Team }

func newMailer() *mailer { return &mailer{team: hands.NewTeam(0)} }

func (m *mailer) all(urls []string) {
	for _, u := range urls {
		m.team.Spawn(func() { send(u) }) // want "warning: poolfit: hands.*Spawn runs work that waits on the network on a pool of the size of the cores"
	}
}

// Workers with options.
func options(urls []string, all [][]string, n int) {
	usual, quiet, six, some := hands.NewShift(), hands.NewShift(hands.Quiet()), hands.NewShift(hands.Size(6)), hands.NewShift(hands.Quiet(), hands.Size(n)) // want "note: poolfit: hands.*Tell runs work that waits on the network on a fixed 6 workers"
	for _, u := range urls {
		usual.Tell(func() { send(u) }) // want "note: poolfit: hands.*Tell runs work that waits on the network by default on a pool of the size of the cores"
		quiet.Tell(func() { send(u) }) // want "note: poolfit: hands.*Tell runs work that waits on the network by default on a pool of the size of the cores"
		six.Tell(func() { send(u) })
		some.Tell(func() { send(u) })
	}
	large := hands.NewLargeShift(64) // want "note: poolfit: hands.*Tell computes on 64 workers whatever the machine has"
	for _, lines := range all {
		usual.Tell(func() { count(lines) })
		large.Tell(func() { count(lines) })
	}
}

// Workers with settings.
func settings(urls []string, n int) {
	usual, six, some := hands.NewTroop(hands.Settings{Name: "usual"}), hands.NewTroop(hands.Settings{Size: 6}), hands.NewTroop(hands.Settings{Size: n}) // want "note: poolfit: hands.*Tell runs work that waits on the network on a fixed 6 workers"
	for _, u := range urls {
		usual.Tell(func() { send(u) }) // want "note: poolfit: hands.*Tell runs work that waits on the network by default on a pool of the size of the cores"
		six.Tell(func() { send(u) })
		some.Tell(func() { send(u) })
	}
	list := hands.NewList()
	for _, u := range urls {
		list.Tell(func() { send(u) })
	}
}

// One place that a constructor chooses. A lock has no more.
func inTurn(urls []string, all [][]string) {
	q, t := hands.NewQueue(), hands.NewTurn()
	for _, u := range urls {
		q.Add(func() error { send(u); return nil }) // want "note: poolfit: hands.*Add runs work that waits on the network one at a time"
		t.Spawn(func() { send(u) })
	}
	for _, lines := range all {
		q.Add(func() error { count(lines); return nil })
	}
}
