// Package guest gives functions to packages that run them under locks of their own.
package guest

import (
	"io"
	"net"
	"net/http"
	"sync"

	"lockio/host"
)

func notify(key string) {
	http.Get(key) // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).Drop, which runs this, while http.Get waits on the network"
}

func variadic(c *host.Cache) {
	c.All(
		func() { c.Flip() },
		func() { http.Get("a") }, // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).All, which runs this"
	)
	c.All([]func(){
		func() { http.Get("b") }, // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).All, which runs this"
	}...)
}

// What calls itself, or another that calls it, is followed all the same.
func recursive(c *host.Cache) {
	c.Walk(func(key string) {
		http.Get(key) // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).Walk, which runs this"
	})
	c.With(func(int) {
		http.Get("a") // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).With, which runs this"
	})
}

func dropped() *host.Cache { return host.New(notify) }

func literals(c *host.Cache) {
	c.OnDrop(func(key string) {
		http.Get(key) // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).Drop, which runs this"
	})
	c.OnMiss = func(key string) {
		http.Get(key) // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).Get, which runs this"
	}
	c.Load("a", func(url string) (string, error) {
		resp, err := http.Get(url) // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).Load, which runs this"
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		return string(b), err
	})
	c.Later(func(int) { http.Get("later") })
	c.OnDrop(func(key string) { go http.Get(key) })
}

// Each key is loaded once, but there are many.
func shelved(s *host.Shelf) {
	s.Load("a", func(url string) string {
		http.Get(url) // want "warning: .*host.Shelf.mu is held by host.\\(\\*Shelf\\).Load, which runs this"
		return ""
	})
}

func again(c *host.Cache) {
	c.OnDrop(func(string) {
		c.Len() // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).Drop, which runs this, and host.\\(\\*Cache\\).Len takes it again: deadlock"
	})
	c.Each(func(key string) bool {
		forget(c, key)
		return true
	})
	c.Later(func(int) { c.Len() })
}

func forget(c *host.Cache, key string) {
	c.Drop(key) // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).Each, which runs this, and host.\\(\\*Cache\\).Drop takes it again: deadlock"
}

// Another cache has a lock of its own.
func two(from, to *host.Cache) {
	from.Each(func(key string) bool {
		to.Drop(key)
		return true
	})
}

type pair struct{ from, to *host.Cache }

func (p *pair) move() {
	p.from.Each(func(key string) bool {
		p.to.Drop(key)
		p.from.Drop(key) // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).Each, which runs this, and host.\\(\\*Cache\\).Drop takes it again: deadlock"
		return true
	})
}

// A remote is one of the sources of a meter.
type remote struct{ url string }

func (r *remote) Count() int {
	http.Get(r.url) // want "warning: .*host.Meter.mu is held by host.\\(\\*Meter\\).Sum, which runs this, while http.Get waits on the network"
	return 1
}

func measure(m *host.Meter) { m.Add(&remote{"a"}) }

// An owner is called back by its cache, and calls it under the lock that it takes then.
type owner struct {
	mu    sync.Mutex
	n     int
	cache *host.Cache
}

func newOwner() *owner {
	o := &owner{}
	o.cache = host.New(o.gone)
	return o
}

func (o *owner) gone(string) {
	o.mu.Lock()
	o.n--
	o.mu.Unlock()
}

func (o *owner) drop(key string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cache.Drop(key) // want "warning: .*o.mu is held while host.\\(\\*Cache\\).Drop runs code of this package, which takes it again: deadlock"
}

// What runs does not take it, though the function around it has.
func (o *owner) count() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cache.Each(func(string) bool {
		o.n++
		return true
	})
}

func (o *owner) again() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cache.Each(func(string) bool { // want "warning: .*o.mu is held while host.\\(\\*Cache\\).Each runs code of this package, which takes it again: deadlock"
		o.gone("")
		return true
	})
}

func (o *owner) dropAlone(key string) { o.cache.Drop(key) }

// A twin has two caches, of which one calls it back.
type twin struct {
	mu          sync.Mutex
	n           int
	told, plain *host.Cache
}

func newTwin() *twin {
	p := &twin{plain: host.New(nil)}
	told := host.New(p.gone)
	p.told = told
	return p
}

func (p *twin) gone(string) {
	p.mu.Lock()
	p.n--
	p.mu.Unlock()
}

func (p *twin) dropTold(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told.Drop(key) // want "warning: .*p.mu is held while host.\\(\\*Cache\\).Drop runs code of this package, which takes it again: deadlock"
}

func (p *twin) dropPlain(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plain.Drop(key)
}

// That it has none in the end does not make the two one.
func (p *twin) end() { p.plain = nil }

// Another cache of the twin has a lock of its own, too.
func (p *twin) move() {
	p.told.Each(func(key string) bool {
		p.plain.Drop(key)
		return true
	})
}

type library struct{ books *host.Cache }

// Two that a caller gives are two.
func (l *library) inherit(other *library) {
	other.books.Each(func(string) bool { return l.books.Len() > 0 })
}

// One that it is given is one, by whatever name.
func (l *library) count(other *library) {
	books := other.books
	books.Each(func(string) bool { return other.books.Len() > 0 }) // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).Each, which runs this, and host.\\(\\*Cache\\).Len takes it again: deadlock"
}

// What somebody opens for himself is another one, and the one of all may be this.
func (l *library) sizes() {
	host.Common.Each(func(key string) bool {
		n, _ := host.Count(key)
		return n > 0
	})
	host.Common.Each(func(string) bool { return host.Size() > 0 }) // want "warning: .*host.Cache.mu is held by host.\\(\\*Cache\\).Each, which runs this, and host.Size takes it again: deadlock"
}

func (l *library) shops() {
	host.Common.Each(func(key string) bool { return shop(key) > 0 })
}

func shop(path string) int {
	s, err := host.OpenShop(path)
	if err != nil {
		return 0
	}
	return s.Close()
}

// Where what is returned gives the lock back, its own package knows.
func (l *library) read(addr string) (int, error) {
	r := l.books.Read()
	r.Close()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	return c.Write([]byte("read"))
}
