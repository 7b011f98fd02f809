package fanout

import (
	"context"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// Bounds that numbers show, each beside what looks like it and is none. All here
// that is wrong is a warning.

func sliced(us []string, n int) {
	for _, u := range us[:2] {
		go fetch(u)
	}
	for _, u := range us[:min(4, len(us))] {
		go fetch(u)
	}
	for _, u := range us[:n] { // somebody chose
		go fetch(u)
	}
	for _, u := range us[2:] {
		go fetch(u) // want "note: .*each of us"
	}
	for _, u := range us[:max(4, len(us))] {
		go fetch(u) // want "note: .*each of us"
	}
}

func guarded(us []string) {
	if len(us) > 8 {
		return
	}
	for _, u := range us {
		go fetch(u)
	}
}

// The guard says the contrary.
func guardedFromBelow(us []string) {
	if len(us) < 8 {
		return
	}
	for _, u := range us {
		go fetch(u) // want "note: .*each of us"
	}
}

// It is set again after the guard.
func guardedOnce(us, more []string) {
	if len(us) > 8 {
		return
	}
	us = append(us, more...)
	for _, u := range us {
		go fetch(u) // want "note: .*each of us"
	}
}

func cut(us []string) {
	if len(us) > 8 {
		us = us[:8]
	}
	for _, u := range us {
		go fetch(u)
	}
}

// Each call in the package gives at most ten.
func given(texts []string) {
	for _, t := range texts {
		go fetch(t)
	}
}

func givenAll(texts []string) {
	for _, t := range texts {
		go fetch(t) // want "note: .*each of texts"
	}
}

func gives(texts []string) {
	given(texts[:10])
	given(texts[:min(3, len(texts))])
	givenAll(texts[:10])
	givenAll(texts)
}

// A chunk at a time, each waited for.
func inChunks(us []string) {
	for i := 0; i < len(us); i += 10 {
		end := i + 10
		if end > len(us) {
			end = len(us)
		}
		var wg sync.WaitGroup
		for _, u := range us[i:end] {
			wg.Go(func() { fetch(u) })
		}
		wg.Wait()
	}
	for i := 0; i < len(us); i += 10 {
		var wg sync.WaitGroup
		for _, u := range us[i:min(i+10, len(us))] {
			wg.Go(func() { fetch(u) })
		}
		wg.Wait()
	}
}

// All chunks at once.
func allChunks(us []string) {
	var wg sync.WaitGroup
	for i := 0; i < len(us); i += 10 {
		for _, u := range us[i:min(i+10, len(us))] {
			wg.Go(func() { fetch(u) }) // want "note: .*each of len.us."
		}
	}
	wg.Wait()
}

// Chunks of a share of the items are so many as the share says, also once gathered; those of a
// size are as many as the items make.
func allShares(us []string, workers int) {
	size := max(len(us)/workers, 1)
	var parts [][]string
	for i := 0; i < len(us); i += size {
		end := i + size
		if end > len(us) {
			end = len(us)
		}
		parts = append(parts, us[i:end])
	}
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() { fetch(part[0]) })
	}
	for _, part := range cutUp(us, (len(us)+workers-1)/workers) {
		wg.Go(func() { fetch(part[0]) })
	}
	for part := range slices.Chunk(us, len(us)/8+1) {
		wg.Go(func() { fetch(part[0]) })
	}
	wg.Wait()
}

func cutUp(us []string, size int) (parts [][]string) {
	list := make([][]string, 0, parties)
	for i := 0; i < len(us); i += size {
		list = append(list, us[i:min(i+size, len(us))])
	}
	return list
}

const parties = 8

func allParts(us []string, size int) {
	var parts, firsts [][]string
	for i := 0; i < len(us); i += size {
		parts = append(parts, us[i:min(i+size, len(us))])
	}
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() { fetch(part[0]) }) // want "note: .*each of parts"
	}
	for part := range slices.Chunk(us, size) {
		wg.Go(func() { fetch(part[0]) }) // want "note: .*each of slices.Chunk"
	}
	for range us {
		for i := 0; i < len(us); i += len(us)/8 + 1 {
			firsts = append(firsts, us[i:])
		}
	}
	for _, part := range firsts {
		wg.Go(func() { fetch(part[0]) }) // want "note: .*each of firsts"
	}
	wg.Wait()
}

// A share is cut off what is left, until nothing is.
func cutOff(us []string, workers int) {
	size := (len(us) + workers - 1) / workers
	rest := us
	for len(rest) > 0 {
		n := min(size, len(rest))
		go fetch(rest[0])
		rest = rest[n:]
	}
	rest = us
	for len(rest) > size {
		part := rest[:size]
		go fetch(part[0])
		rest = rest[size:]
	}
	var parts [][]string
	var part []string
	for rest = us; 0 < len(rest); {
		part, rest = rest[:min(size, len(rest))], rest[min(size, len(rest)):]
		parts = append(parts, part)
	}
	for _, part := range parts {
		go fetch(part[0])
	}
}

// So many are cut off each time, or more come in.
func cutSome(us []string, size int) {
	rest := us
	for len(rest) > 0 {
		n := min(10, len(rest))
		go fetch(rest[0]) // want "note: .*each of the turns"
		rest = rest[n:]
	}
	rest = us
	for len(rest) > 0 {
		n := min(size, len(rest))
		go fetch(rest[0]) // want "note: .*each of the turns"
		rest = rest[n:]
	}
	share := len(us)/8 + 1
	rest = us
	for len(rest) > 0 {
		go fetch(rest[0]) // want "note: .*each of the turns"
		if rest[0] == "" {
			rest = rest[min(share, len(rest)):]
			continue
		}
		rest = rest[1:]
	}
}

// The loop waits for its task, or gives it up, before the next one.
func oneByOne(us []string) {
	for _, u := range us {
		answer := make(chan error, 1)
		go func() { answer <- fetch(u) }()
		select {
		case <-answer:
		case <-time.After(time.Second):
		}
	}
}

// It waits for them all at the end.
func atTheEnd(us []string) {
	answers := make(chan error)
	for _, u := range us {
		go func() { answers <- fetch(u) }() // want "note: .*each of us"
	}
	for range us {
		<-answers
	}
}

// withTimeout runs f and waits for it.
func withTimeout(f func() error) error {
	answer := make(chan error, 1)
	go func() { answer <- f() }()
	select {
	case err := <-answer:
		return err
	case <-time.After(time.Second):
		return os.ErrDeadlineExceeded
	}
}

func runsInTurn(us []string) {
	for _, u := range us {
		withTimeout(func() error { return fetch(u) })
	}
}

// A group of one's own, limited and not.
type crew struct{ *errgroup.Group }

func (c *crew) Go(f func() error) { c.Group.Go(func() error { return f() }) }

func ownGroup(us []string) error {
	c := &crew{&errgroup.Group{}}
	c.SetLimit(8)
	for _, u := range us {
		c.Go(func() error { return fetch(u) })
	}
	return c.Wait()
}

func ownGroupAll(us []string) error {
	c := &crew{&errgroup.Group{}}
	for _, u := range us {
		c.Go(func() error { return fetch(u) }) // want "note: .*each of us"
	}
	return c.Wait()
}

// As many workers as items, and as somebody chose.
func perItem(us []string, jobs int) {
	work := make(chan string)
	n := len(us)
	for i := 0; i < n; i++ {
		go func() { // want "note: .*each of the turns up to n and .* a number of workers that grows with the data is no bound"
			for u := range work {
				fetch(u)
			}
		}()
	}
	for range min(jobs, len(us)) {
		go func() {
			for u := range work {
				fetch(u)
			}
		}()
	}
	m := len(us)
	if m > 10 {
		m = 10
	}
	for range m {
		go func() {
			for u := range work {
				http.Get(u)
			}
		}()
	}
}

// A helper that starts as many as it is told, and it is told of all.
func everyOne(n int, us []string) {
	for i := range n {
		go fetch(us[i]) // want "note: .*each of the turns up to n and .* bound them"
	}
}

func three(n int, us []string) {
	for i := range n {
		go fetch(us[i])
	}
}

func tells(us []string) {
	everyOne(len(us), us)
	three(3, us)
}

// A default that data decides leaves the setting one.
func defaulted(us []string, n int) {
	if n <= 0 {
		n = len(us)
	}
	var g errgroup.Group
	g.SetLimit(n)
	for _, u := range us {
		g.Go(func() error { return fetch(u) })
	}
	g.Wait()
}

// A closure, and a literal called where it stands, have the callers that one sees.
func inClosures(us []string) {
	some := func(texts []string) {
		for _, t := range texts {
			go fetch(t)
		}
	}
	some(us[:3])
	some(us[:min(9, len(us))])
	all := func(texts []string) {
		for _, t := range texts {
			go fetch(t) // want "note: .*each of texts"
		}
	}
	all(us[:3])
	all(us)
	func(texts []string) {
		for _, t := range texts {
			go fetch(t)
		}
	}(us[:3])
}

type fetcher struct{ limit int }

func (f *fetcher) some(texts []string) {
	for _, t := range texts {
		go fetch(t)
	}
}

func (f *fetcher) run(us []string) {
	f.some(us[:min(len(us), 5)])
}

func someOf[T any](list []T, get func(T)) {
	for _, t := range list {
		go get(t)
	}
}

func typed(us []string) {
	someOf(us[:4], func(u string) { fetch(u) })
}

// Without a limiter there is no limit, as the caller chose.
func optionally(ctx context.Context, us []string, s *semaphore.Weighted) {
	for _, u := range us {
		if s != nil {
			if s.Acquire(ctx, 1) != nil {
				return
			}
		}
		go func() {
			fetch(u)
			if s != nil {
				s.Release(1)
			}
		}()
	}
}

// A loop that makes room goes on while there is more than a limit; one that keeps a limit
// goes on while there is less.
type larder struct {
	names      []string
	size, most int
	busy       int
}

func newLarder(most int) *larder { return &larder{most: most} }

func (s *larder) clear() {
	for s.size > s.most {
		last := s.names[len(s.names)-1]
		s.names = s.names[:len(s.names)-1]
		s.size -= len(last)
		go fetch(last) // want "note: .*each of the turns while s.size > s.most"
	}
}

func (s *larder) fill() {
	for s.busy < s.most {
		s.busy++
		go s.serve(s.names[s.busy])
	}
}

func (s *larder) serve(name string) {
	fetch(name)
	s.busy--
}

// Places that are free go down by one: a reserve is kept.
type seats struct{ free, reserve int }

func newSeats() *seats { return &seats{16, 2} }

func (p *seats) fill(next func() string) {
	for p.free > p.reserve {
		p.free--
		go fetch(next())
	}
}

// An iterator cuts the chunks, or they are cut before.
func inChunksOf(us []string) {
	var wg sync.WaitGroup
	for chunk := range slices.Chunk(us, 20) {
		for _, u := range chunk {
			wg.Go(func() { fetch(u) })
		}
		wg.Wait()
	}
	var chunks [][]string
	for lo := 0; lo < len(us); lo += 20 {
		chunks = append(chunks, us[lo:min(lo+20, len(us))])
	}
	for _, chunk := range chunks {
		for _, u := range chunk {
			wg.Go(func() { fetch(u) })
		}
		wg.Wait()
	}
}

func inHalves(us []string, parts [][]string) {
	var wg sync.WaitGroup
	for part := range slices.Chunk(us, len(us)/2+1) {
		for _, u := range part {
			wg.Go(func() { fetch(u) }) // want "note: .*each of part"
		}
		wg.Wait()
	}
	for _, part := range append(parts, us[:2]) {
		for _, u := range part {
			wg.Go(func() { fetch(u) }) // want "note: .*each of part"
		}
		wg.Wait()
	}
	for chunk := range slices.Chunk(us, 20) {
		for _, u := range chunk {
			wg.Go(func() { fetch(u) }) // want "note: .*each of slices.Chunk"
		}
	}
	wg.Wait()
}

// Workers that are counted out are no actors, whatever they are called.
func perItemNamed(us []string) {
	work := make(chan string)
	worker := func() {
		for u := range work {
			fetch(u)
		}
	}
	n := len(us)
	for i := 0; i < n; i++ {
		go worker() // want "note: .*each of the turns up to n and .* a number of workers that grows with the data is no bound"
	}
}
