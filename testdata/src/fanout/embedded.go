package fanout

import (
	"database/sql"
	"net/http"

	"fanout/shop"
)

// What a type embeds of another package it has as its own: called by its name, by the
// embedded field, through an interface. All here that is wrong is a warning.
type warehouse struct {
	*sql.DB
	leaves
}

type leaves struct{ http.Client }

type getter interface {
	Get(url string) (*http.Response, error)
}

type pinger interface{ Ping() error }

type poster interface{ Ping() }

// The post of another package, and a decorator, which tells nothing.
type pigeonhole struct{ *shop.Post }

type tallied struct {
	poster
	n int
}

func (c *tallied) Count() { c.n++ }

type clerkDesk struct {
	get  getter
	ping pinger
	post poster
}

func newDesk(g getter, p pinger, to poster) *clerkDesk {
	return &clerkDesk{get: g, ping: p, post: to}
}

func (d *clerkDesk) all(names []string, c *warehouse) {
	for _, name := range names {
		go d.get.Get(name) // want "note: .*each of names and each waits on the network"
	}
	for range names {
		go d.ping.Ping() // want "note: .*each of names and each waits on a database"
	}
	for range names {
		go d.post.Ping() // want "note: .*each of names and each waits on the network"
	}
	for _, name := range names {
		go c.Get(name) // want "note: .*each of names and each waits on the network"
	}
	for _, name := range names {
		go c.DB.Exec("insert into names values (?)", name) // want "note: .*each of names and each waits on a database"
	}
}
