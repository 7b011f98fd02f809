package provider

import (
	"net/http"

	"lockio/provider/places"
)

// The lock of another package is one of the program, not one of this function.
func clearDesk(names []string) {
	places.DeskLock.Lock()
	defer places.DeskLock.Unlock()
	for _, name := range names {
		delete(places.Desk, name)
		_, _ = http.Get("https://example.com/gone?name=" + name) // want `warning: .*places.DeskLock is held while http.Get waits on the network`
	}
}

func deskSize() int {
	places.DeskLock.RLock()
	defer places.DeskLock.RUnlock()
	return len(places.Desk)
}
