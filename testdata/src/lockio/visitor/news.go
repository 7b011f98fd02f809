package visitor

import (
	"net/http"

	"lockio/host"
)

// Who is given them does not know.

func board(b host.Board) {
	b.OnPost(func(news string) {
		http.Get("http://told/" + news) // want `note: .*host.walls is held by host.\(\*Wall\).OnPost, which runs this, while http.Get waits on the network`
	})
}

func ticker(t host.Ticker) {
	t.OnTick(func(news string) {
		http.Get("http://told/" + news) // want `note: .*host.cable.mu is held by host.\(\*Wire\).OnTick, which runs this, while http.Get waits on the network`
	})
}

func gazette(g host.Gazette) {
	g.OnPrint(func(news string) {
		http.Get("http://told/" + news) // want `note: .*host.Press.mu is held by host.\(\*Press\).OnPrint, which runs this, while http.Get waits on the network`
	})
}

func rumour(r host.Rumour) {
	r.OnHear(func(news string) {
		http.Get("http://told/" + news) // want `note: .*host.Gossip.mu is held by host.\(\*Gossip\).OnHear, which runs this, while http.Get waits on the network`
	})
}
