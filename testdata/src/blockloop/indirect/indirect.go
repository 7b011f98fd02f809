// Package indirect implements interfaces of packages that it does not import.
package indirect

import (
	"net/http"

	"blockloop/promise"
)

var _ promise.Sink

type gossip struct{}

func (gossip) NodeMeta(limit int) []byte                  { return nil }
func (gossip) GetBroadcasts(overhead, limit int) [][]byte { return nil }
func (gossip) NotifyMsg([]byte) {
	_, _ = http.Get("http://example.com/") // want `warning: .*http.Get waits on the network on memberlist's loop`
}

// One method of the name is not enough.
type other struct{}

func (other) NotifyMsg([]byte) {
	_, _ = http.Get("http://example.com/")
}
