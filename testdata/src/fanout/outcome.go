package fanout

import (
	"net/http"
	"time"
)

// A loop that waits for its task, or for the word to stop, comes to its next item only where it
// has seen what the task made of this one.

type ruling int

const (
	notYet ruling = iota
	passed
	skipped
	refused
)

type slip struct{ by string }

func judged(url string) ruling {
	if _, err := http.Get(url); err != nil {
		return refused
	}
	return passed
}

func stepwise(urls []string, word chan *slip, late *time.Timer) {
	by := ""
	for _, u := range urls {
		var (
			m    ruling
			done = make(chan struct{})
		)
		go func() {
			print(by)
			m = judged(u)
			close(done)
		}()
		select {
		case <-late.C:
			<-done
		case o := <-word:
			if o != nil {
				by = o.by
				<-done
			}
		case <-done:
		}
		if m == passed || m == skipped {
			continue
		}
		return
	}
}

func byCases(urls []string, word chan *slip) {
	by := ""
	for _, u := range urls {
		var m ruling
		done := make(chan struct{})
		go judge(u, by, &m, done)
		select {
		case o := <-word:
			by = o.by
		case <-done:
		}
		switch m {
		case passed, skipped:
		default:
			return
		}
	}
}

func judge(url, by string, m *ruling, done chan struct{}) {
	print(by)
	*m = judged(url)
	close(done)
}

func byFlag(urls []string, word chan *slip) {
	by := ""
	for _, u := range urls {
		ok := false
		done := make(chan struct{})
		work := func() {
			print(by)
			ok = judged(u) == passed
			close(done)
		}
		go work()
		select {
		case o := <-word:
			by = o.by
		case <-done:
		}
		if !ok {
			return
		}
	}
}

// Where the loop goes on whatever has come of it, each word lets one more task start.
func hurried(urls []string, word chan *slip) {
	by := ""
	for _, u := range urls {
		var m ruling
		done := make(chan struct{})
		go func() { // want "note: .*for each of urls and each waits on the network"
			print(by)
			m = judged(u)
			close(done)
		}()
		select {
		case o := <-word:
			by = o.by
		case <-done:
		}
		if m == refused {
			return
		}
	}
}

// What the loop itself sets says nothing of the task, nor does what tasks before this one set.
func decided(urls []string, word chan *slip) {
	by := ""
	for _, u := range urls {
		var m ruling
		done := make(chan struct{})
		go func() { // want "note: .*for each of urls and each waits on the network"
			print(by)
			m = judged(u)
			close(done)
		}()
		select {
		case o := <-word:
			by, m = o.by, passed
		case <-done:
		}
		if m == passed {
			continue
		}
		return
	}
}

func before(urls []string, word chan *slip) {
	by := ""
	var m ruling
	for _, u := range urls {
		done := make(chan struct{})
		go func() { // want "note: .*for each of urls and each waits on the network"
			print(by)
			m = judged(u)
			close(done)
		}()
		select {
		case o := <-word:
			by = o.by
		case <-done:
		}
		if m == passed {
			continue
		}
		return
	}
}

// To look without ever waiting is no wait.
func peeked(urls []string) {
	for _, u := range urls {
		var m ruling
		go func() { // want "note: .*for each of urls and each waits on the network"
			m = judged(u)
		}()
		if m == passed {
			continue
		}
		return
	}
}
