package guest

import (
	"net/http"

	"lockio/host"
)

// Who makes the feed that has a lock has to do with the lock.
func announce() host.Feed {
	f := host.NewFixed("none")
	follow(f)
	f.OnItem(func(news string) {
		http.Get("http://told/" + news) // want `warning: .*host.Fixed.mu is held by host.\(\*Fixed\).Set, which runs this, while http.Get waits on the network`
	})
	return f
}

func follow(f host.Feed) {
	f.OnItem(func(news string) {
		http.Get("http://followed/" + news) // want `warning: .*host.Fixed.mu is held by host.\(\*Fixed\).Set, which runs this, while http.Get waits on the network`
	})
}
