package blockloop

import (
	"context"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/panjf2000/ants/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"google.golang.org/grpc/balancer"
)

func task() error { return nil }

type limited struct {
	g, free, other errgroup.Group
	sem            *semaphore.Weighted
	pool, loose    *ants.Pool
	jobs           chan func()
	rendezvous     chan func()
}

func newLimited() *limited {
	l := &limited{jobs: make(chan func(), 100), rendezvous: make(chan func())}
	l.g.SetLimit(10)
	l.pool, _ = ants.NewPool(10)
	l.loose, _ = ants.NewPool(10, ants.WithNonblocking(true))
	return l
}

func (l *limited) Pick(balancer.PickInfo) (balancer.PickResult, error) {
	l.g.Go(task)                         // want `warning: .*Go waits while all its workers are busy on balancer's loop`
	_ = l.pool.Submit(func() {})         // want `warning: .*Submit waits while all its workers are busy`
	_ = l.sem.Acquire(context.TODO(), 1) // want `warning: .*Acquire waits for a free place on balancer's loop`
	l.jobs <- func() {}                  // want `note: .*balancer's loop sends to l.jobs, use`
	l.rendezvous <- func() {}            // want `warning: .*balancer's loop sends to l.rendezvous`
	l.free.Go(task)                      // no limit is set
	l.g.TryGo(task)                      // does not wait
	_ = l.loose.Submit(func() {})        // refuses when it is full
	if l.sem.TryAcquire(1) {
		return balancer.PickResult{}, nil
	}
	select {
	case l.jobs <- func() {}:
	default:
	}
	return balancer.PickResult{}, nil
}

var _ mqtt.Message
