// Package b uses package a: effects and uses cross as facts.
package b

import (
	"net"
	"strings"

	"effects/a"
	"effects/d"
)

// The address is a constant of another package, and the look-up is there.
func Joins(n d.Names) (*net.UDPAddr, error) { // want Joins:"^calls 0.Resolve$"
	return n.Resolve(d.Group)
}

func Binds() (*net.UDPAddr, error) { return d.LooksUp(":0") }

func Calls(n d.Names) (*net.UDPAddr, error) { // want Calls:"^dns\\(usually\\) calls 0.Resolve$"
	return n.Resolve(d.Peer)
}

func Inherits() { // want Inherits:"^net\\(always\\)$"
	a.Closure()
}

func Unmade() {
	_ = a.Made()
}

func Prints(c net.Conn, s *strings.Builder) { // want Prints:"^net\\(always\\)"
	a.Print(s)
	a.Print(c)
}

func PrintsHere() {
	a.Print(new(strings.Builder))
}

func Applies() { // want Applies:"^file\\(always\\)$"
	a.Apply(func() { a.Defers(nil) })
}

func Trusts() {
	a.Trusted()
}

type impl struct{}

func (impl) Do() { // want Do:"^sleep\\(always\\)$"
	a.Nap()
}

func Resolves() { // want Resolves:"^sleep\\(always\\)$"
	a.Do(impl{})
}

func Maps(names []string) { // want Maps:"sleep\\(usually\\)"
	a.Map(names, func(string) int { a.Nap(); return 0 })
}

func SavesNot() { a.Save("x", false) }

func Saves() { // want Saves:"^file\\(usually\\)$"
	a.Save("x", true)
}

// Behind the interface of another package.
func Tells(p a.Peer) { // want Tells:"^chan\\(usually\\) calls 0.Update$"
	p.Update(1)
}
