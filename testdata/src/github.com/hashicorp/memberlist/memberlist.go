// Package memberlist stands in for the library of the same path.
package memberlist

import "sync"

type Delegate interface {
	NodeMeta(limit int) []byte
	NotifyMsg([]byte)
	GetBroadcasts(overhead, limit int) [][]byte
}

type Node struct{ Name string }

type EventDelegate interface {
	NotifyJoin(*Node)
	NotifyLeave(*Node)
	NotifyUpdate(*Node)
}

type Config struct {
	Delegate any
	Events   EventDelegate
}

type Memberlist struct {
	nodeLock sync.RWMutex
	config   *Config
	nodes    []*Node
}

func New(c *Config) *Memberlist { return &Memberlist{config: c} }

func (m *Memberlist) NumMembers() int {
	m.nodeLock.RLock()
	defer m.nodeLock.RUnlock()
	return len(m.nodes)
}

func (m *Memberlist) AliveNode(n *Node) {
	m.nodeLock.Lock()
	defer m.nodeLock.Unlock()
	m.nodes = append(m.nodes, n)
	m.config.Events.NotifyJoin(n)
}
