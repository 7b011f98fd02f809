package guest

import (
	"sync"

	"lockio/cottage"
	"lockio/host"
)

type rooms struct {
	mu     sync.Mutex
	light  *host.Light
	house  *cottage.Cottage
	opened *host.Topic[string]
	names  *host.Topic[string]
	counts *host.Topic[int]
	open   int
}

func newRooms(house *cottage.Cottage) *rooms {
	r := &rooms{house: house, light: host.NewLight(), opened: host.NewTopic[string]("opened"), names: host.NewTopic[string]("names"), counts: host.NewTopic[int]("counts")}
	r.names.Read(r.again)
	r.counts.Read(r.switchLight)
	r.light.Changes(r.changed)
	house.Doors.Read(r.enter)
	return r
}

// The reader of a topic publishes on it again.
func (r *rooms) again(name string) {
	r.names.Publish(name + "!") // want "warning: lockio: host.Topic.mu is held by host.\\(\\*Topic\\).Publish, which runs this, and host.\\(\\*Topic\\).Publish takes it again: deadlock"
}

// Topics of two instances of the type are two, also where one is in a value of another type.
func (r *rooms) switchLight(n int) { r.light.Switch(n > 0) }

func (r *rooms) changed(on bool) {
	r.light.Switch(!on) // want "warning: lockio: host.Light.mu is held by host.\\(\\*Light\\).Switch, which runs this, and host.\\(\\*Light\\).Switch takes it again: deadlock"
}

// What is published here, on a topic of its own, does not run what reads the topic of the house.
func (r *rooms) enter(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open++
}

func (r *rooms) tell(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opened.Publish(name)
}
