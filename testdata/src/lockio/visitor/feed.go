package visitor

import (
	"net/http"

	"lockio/host"
)

// Who is given a feed does not know whether it is one that has a lock.
func follow(f host.Feed) {
	f.OnItem(func(news string) {
		http.Get("http://followed/" + news) // want `note: .*host.Fixed.mu is held by host.\(\*Fixed\).Set, which runs this, while http.Get waits on the network`
	})
}
