package doubt

import "k8s.io/client-go/tools/cache"

// Nobody may take the events yet, and there may be more nodes than places.
type leases struct{ events chan any }

func watchLeases() cache.ResourceEventHandlerFuncs {
	l := &leases{events: make(chan any, 5000)}
	return cache.ResourceEventHandlerFuncs{
		AddFunc: func(obj any) {
			l.added(obj) // want `note: .*\(\*leases\).added can block on a channel on cache's loop, use a work queue`
		},
		DeleteFunc: func(obj any) {
			select {
			case l.events <- obj:
			default:
			}
		},
	}
}

func (l *leases) added(obj any) { l.events <- obj }
