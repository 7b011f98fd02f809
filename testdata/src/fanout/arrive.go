package fanout

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"sync"
	"time"

	"fanout/courier"
)

// How the next thing comes in, and how a loop asks for it. All here that is wrong is a
// warning.

type order struct {
	Verb string
	Args json.RawMessage
}

// An error test is one wherever the call stands. The table of verbs decides what is started.
var verbs = map[string]func(json.RawMessage){
	"fetch": func(args json.RawMessage) {
		var u string
		if json.Unmarshal(args, &u) == nil {
			go fetch(u)
		}
	},
	"quit": func(json.RawMessage) {},
}

func obey(in chan []byte) {
	for b := range in {
		var o order
		if json.Unmarshal(b, &o) != nil {
			continue
		}
		if do, ok := verbs[o.Verb]; ok {
			do(o.Args) // want "warning: .*each of in"
		}
	}
}

// What is decoded here is not what the task gets.
func wokenUp(in chan []byte, u string) {
	for b := range in {
		var o order
		if json.Unmarshal(b, &o) != nil {
			continue
		}
		go fetch(u)
	}
}

// A backlog gives the next one, or says that it has none.
type backlog struct {
	mu   sync.Mutex
	list []letter
	room chan struct{}
}

func (b *backlog) take() (letter, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.list) == 0 {
		return letter{}, false
	}
	l := b.list[0]
	b.list = b.list[1:]
	return l, true
}

func (b *backlog) serve() {
	for {
		l, ok := b.take()
		if !ok {
			time.Sleep(time.Second)
			continue
		}
		go fetch(l.to) // want "warning: .*each of what .*take returns and each waits on the network"
	}
}

// One at a time is taken while there is room.
func (b *backlog) serveSome() {
	for {
		l, ok := b.take()
		if !ok {
			time.Sleep(time.Second)
			continue
		}
		b.room <- struct{}{}
		go func() {
			defer func() { <-b.room }()
			fetch(l.to)
		}()
	}
}

// One each second.
func (b *backlog) serveSlowly() {
	for {
		time.Sleep(time.Second)
		if l, ok := b.take(); ok {
			go fetch(l.to)
		}
	}
}

type source interface{ Pop() (u string, ok bool) }

func untilEmpty(s source) {
	for {
		u, ok := s.Pop()
		if !ok {
			return
		}
		go fetch(u) // want "warning: .*each of what source.Pop returns"
	}
}

// A method of another package starts a task for each message.
func forward(s source, b *courier.Box) {
	for {
		u, ok := s.Pop()
		if !ok {
			return
		}
		b.Post(courier.Letter{To: u}) // want "warning: .*courier.*Post starts a goroutine for each of what source.Pop returns and each waits on the network"
	}
}

func forwardSome(s source, b *courier.Box) {
	for {
		u, ok := s.Pop()
		if !ok {
			return
		}
		b.PostInTurn(courier.Letter{To: u})
		b.PostLater(courier.Letter{To: u})
		b.PostBoth(courier.Letter{To: u})
		b.Note(courier.Letter{To: u})
	}
}

// A function runs what it is given for each thing that comes in.
func eachOf[T any](in <-chan T, f func(T)) {
	for t := range in {
		go f(t)
	}
}

func stage[A, B any](in <-chan A, f func(A) B) <-chan B {
	out := make(chan B)
	go func() {
		defer close(out)
		var wg sync.WaitGroup
		for a := range in {
			wg.Go(func() { out <- f(a) })
		}
		wg.Wait()
	}()
	return out
}

func stageOf[A, B any](n int, in <-chan A, f func(A) B) <-chan B {
	out := make(chan B)
	room := make(chan struct{}, n)
	go func() {
		for a := range in {
			room <- struct{}{}
			go func() {
				out <- f(a)
				<-room
			}()
		}
	}()
	return out
}

func fetchEachOf(letters <-chan letter) {
	eachOf(letters, func(l letter) { fetch(l.to) }) // want "warning: .*eachOf starts a goroutine for each of letters and each waits on the network"
}

func failuresOf(letters <-chan letter) <-chan error {
	return stage(letters, func(l letter) error { return fetch(l.to) }) // want "warning: .*stage starts a goroutine for each of letters and each waits on the network"
}

func failuresInTurn(letters <-chan letter) <-chan error {
	eachOf(time.Tick(time.Second), func(time.Time) { fetch("now") })
	return stageOf(8, letters, func(l letter) error { return fetch(l.to) })
}

// Whatever it is called, a new request for each is more than to tell who listens.
func notifyEach(urls []string) {
	for _, u := range urls {
		go fetch(u) // want "note: .*each of urls and each waits on the network"
	}
}

// A handler refuses where as many tasks are at work as may be. A count that nobody
// lowers says nothing of those.
func refuses() http.HandlerFunc {
	var mu sync.Mutex
	active := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if active >= 10 {
			mu.Unlock()
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		active++
		mu.Unlock()
		go func() {
			defer func() { mu.Lock(); active--; mu.Unlock() }()
			exec.Command("post", r.PathValue("id")).Run()
		}()
	}
}

func refusesNobody() http.HandlerFunc {
	served := 0
	return func(w http.ResponseWriter, r *http.Request) {
		if served >= 10 {
			w.Header().Set("Busy", "1")
		}
		go exec.Command("post", r.PathValue("id")).Run() // want "warning: .*each of the requests and each waits for a subprocess"
	}
}
