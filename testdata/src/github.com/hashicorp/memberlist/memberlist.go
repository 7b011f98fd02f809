// Package memberlist stands in for the library of the same path.
package memberlist

type Delegate interface {
	NodeMeta(limit int) []byte
	NotifyMsg([]byte)
	GetBroadcasts(overhead, limit int) [][]byte
}

type Config struct{ Delegate any }
