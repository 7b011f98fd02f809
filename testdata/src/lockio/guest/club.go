package guest

import (
	"net/http"

	"lockio/host"
)

func joins(m *host.Member) *host.Club {
	m.OnLeave(func() {
		http.Get("http://club.example/") // want "warning: .*host.Club.mu is held by host.NewClub, which runs this, while http.Get waits on the network"
	})
	return host.NewClub(m)
}
