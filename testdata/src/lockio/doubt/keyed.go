package doubt

import (
	"net/http"
	"sync"

	"lockio/provider/hold"
)

// A lock for each key: who comes for another key does not wait, so that it is neither the
// lock of its owner nor one that all requests need. However it is got, it is the same one.
var doors sync.Map

type gallery struct {
	mu     sync.Mutex
	rooms  map[string]*sync.Mutex
	halls  sync.Map
	keyed  hold.Keyed
	visits int
}

func (g *gallery) door(name string) func() {
	v, _ := doors.LoadOrStore(name, &sync.Mutex{})
	mu := v.(*sync.Mutex)
	mu.Lock()
	return mu.Unlock
}

func (g *gallery) hall(name string) func() {
	v, _ := g.halls.LoadOrStore(name, new(sync.Mutex))
	mu := v.(*sync.Mutex)
	mu.Lock()
	return func() { mu.Unlock() }
}

func door(name string) (unlock func(), known bool) {
	v, known := doors.LoadOrStore(name, new(sync.Mutex))
	mu := v.(*sync.Mutex)
	mu.Lock()
	return mu.Unlock, known
}

func (g *gallery) room(name string) *sync.Mutex {
	g.mu.Lock()
	defer g.mu.Unlock()
	mu, ok := g.rooms[name]
	if !ok {
		mu = &sync.Mutex{}
		g.rooms[name] = mu
	}
	return mu
}

func (g *gallery) enter(name string) func() {
	g.mu.Lock()
	mu, ok := g.rooms[name]
	if !ok {
		mu = new(sync.Mutex)
		g.rooms[name] = mu
	}
	g.mu.Unlock()
	mu.Lock()
	return mu.Unlock
}

func takeDoor(name string) {
	v, _ := doors.LoadOrStore(name, new(sync.Mutex))
	v.(*sync.Mutex).Lock()
}

func giveDoor(name string) {
	v, _ := doors.Load(name)
	v.(*sync.Mutex).Unlock()
}

func (g *gallery) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.visits
}

func (g *gallery) paint(name string) {
	unlock := g.door(name)
	defer unlock()
	http.Get("http://paint/" + name) // want `note: .*one lock of doors is held while http.Get waits on the network`
}

func (g *gallery) sweep(name string) {
	unlock := g.hall(name)
	http.Get("http://sweep/" + name) // want `note: .*one lock of halls is held while http.Get waits on the network`
	unlock()
}

func (g *gallery) light(name string) {
	unlock, _ := door(name)
	defer unlock()
	http.Get("http://light/" + name) // want `note: .*one lock of doors is held while http.Get waits on the network`
}

func (g *gallery) heat(name string) {
	mu := g.room(name)
	mu.Lock()
	defer mu.Unlock()
	http.Get("http://heat/" + name) // want `note: .*one lock of rooms is held while http.Get waits on the network`
}

func (g *gallery) air(name string) {
	defer g.enter(name)()
	http.Get("http://air/" + name) // want `note: .*one lock of rooms is held while http.Get waits on the network`
}

func (g *gallery) dust(name string) {
	takeDoor(name)
	defer giveDoor(name)
	http.Get("http://dust/" + name) // want `note: .*one lock of doors is held while http.Get waits on the network`
}

func (g *gallery) bar(name string) {
	g.rooms[name].Lock()
	defer g.rooms[name].Unlock()
	http.Get("http://bar/" + name) // want `note: .*one lock of rooms is held while http.Get waits on the network`
}

// The same of a lock for each key in another package.
func (g *gallery) hang(name string) {
	defer g.keyed.Lock(name)()
	http.Get("http://hang/" + name) // want `note: .*one lock of keyed is held while http.Get waits on the network`
}

func (g *gallery) unhang(name string) {
	g.keyed.Take(name)
	http.Get("http://unhang/" + name) // want `note: .*one lock of keyed is held while http.Get waits on the network`
	g.keyed.Give(name)
}

// Requests for other keys go on.
func (g *gallery) serve(w http.ResponseWriter, r *http.Request) {
	unlock := g.hall(r.URL.Path)
	defer unlock()
	http.Get("http://gallery.example" + r.URL.Path) // want `note: .*one lock of halls is held while http.Get waits on the network`
}

func (g *gallery) show(w http.ResponseWriter, r *http.Request) {
	mu := g.room(r.URL.Path)
	mu.Lock()
	defer mu.Unlock()
	http.Get("http://show/" + r.URL.Path) // want `note: .*one lock of rooms is held while http.Get waits on the network`
}

func (g *gallery) frame(name string) {
	v, _ := g.halls.Load(name)
	if mu, ok := v.(*sync.Mutex); ok {
		mu.Lock()
		defer mu.Unlock()
		http.Get("http://frame/" + name) // want `note: .*one lock of halls is held while http.Get waits on the network`
	}
}
