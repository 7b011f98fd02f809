// Package visitor is a member, and makes no club: somebody else may.
package visitor

import (
	"net/http"

	"lockio/host"
)

func alone(m *host.Member) {
	m.OnLeave(func() {
		http.Get("http://visitor.example/") // want "note: .*host.Club.mu is held by host.NewClub, which runs this, while http.Get waits on the network"
	})
	m.Leave()
}
