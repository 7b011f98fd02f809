// Package deep is what package names gives names to.
package deep

import (
	"net/http"
	"strings"
)

// Upper waits for nobody.
func Upper(s string) string { return strings.ToUpper(s) }

// Reach waits.
func Reach(url string) error {
	_, err := http.Get(url)
	return err
}

// Each runs a function of its caller.
func Each(list []string, f func(string) error) {
	for _, s := range list {
		_ = f(s)
	}
}

// A Plug has methods that are handed on as values.
type Plug struct{ url string }

// Pull waits.
func (p *Plug) Pull() error { return Reach(p.url) }

// Name does not.
func (p *Plug) Name() string { return p.url }
