package guest

import (
	"net/http"

	"github.com/hashicorp/memberlist"
)

// What a library says of its callbacks is told by rule blockloop, once.
type greeter struct{ list *memberlist.Memberlist }

func (g *greeter) NotifyJoin(n *memberlist.Node)   { http.Get("http://" + n.Name) }
func (g *greeter) NotifyLeave(n *memberlist.Node)  {}
func (g *greeter) NotifyUpdate(n *memberlist.Node) {}

func join() *memberlist.Memberlist {
	return memberlist.New(&memberlist.Config{Events: &greeter{}})
}

// That the lock is taken again is told here alone.
type counting struct{ list *memberlist.Memberlist }

func (c *counting) NotifyJoin(n *memberlist.Node)   { println(c.list.NumMembers()) } // want "warning: .*memberlist.Memberlist.nodeLock is held by memberlist.\\(\\*Memberlist\\).AliveNode, which runs this, and memberlist.\\(\\*Memberlist\\).NumMembers takes it again: deadlock"
func (c *counting) NotifyLeave(n *memberlist.Node)  {}
func (c *counting) NotifyUpdate(n *memberlist.Node) {}

func count() *memberlist.Memberlist {
	return memberlist.New(&memberlist.Config{Events: &counting{}})
}
