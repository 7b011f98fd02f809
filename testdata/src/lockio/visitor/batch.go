package visitor

import (
	"net/http"

	"lockio/host"
)

// Who wants the lock of the batcher sends what is in it, too.
func batches(queue <-chan string) *host.Batcher {
	return host.NewBatcher(queue, func(batch []string) {
		http.Get(batch[0]) // want `note: .*host.Batcher.mu is held by host.\(\*Batcher\).flush, which runs this, while http.Get waits on the network`
	})
}
