package guest

import (
	"net/http"

	"lockio/host"
)

// Who makes what has a lock, or has it in a field, has to do with the lock.
func announceAll(h *host.House) {
	board(host.NewWall())
	ticker(host.NewWire())
	gazette(&h.Press)
	rumour(host.NewRumour())
}

func board(b host.Board) {
	b.OnPost(func(news string) {
		http.Get("http://told/" + news) // want `warning: .*host.walls is held by host.\(\*Wall\).OnPost, which runs this, while http.Get waits on the network`
	})
}

func ticker(t host.Ticker) {
	t.OnTick(func(news string) {
		http.Get("http://told/" + news) // want `warning: .*host.cable.mu is held by host.\(\*Wire\).OnTick, which runs this, while http.Get waits on the network`
	})
}

func gazette(g host.Gazette) {
	g.OnPrint(func(news string) {
		http.Get("http://told/" + news) // want `warning: .*host.Press.mu is held by host.\(\*Press\).OnPrint, which runs this, while http.Get waits on the network`
	})
}

func rumour(r host.Rumour) {
	r.OnHear(func(news string) {
		http.Get("http://told/" + news) // want `warning: .*host.Gossip.mu is held by host.\(\*Gossip\).OnHear, which runs this, while http.Get waits on the network`
	})
}

// What does nothing is not what one is given.
func diary(d host.Diary) {
	d.OnWrite(func(news string) {
		http.Get("http://told/" + news) // want `warning: .*host.Book.mu is held by host.\(\*Book\).OnWrite, which runs this, while http.Get waits on the network`
	})
}
