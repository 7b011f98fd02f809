package doubt

import (
	"context"

	"google.golang.org/grpc/balancer"
)

// A way out that opens only when the owner stops does not shorten the wait while the
// buffer is full; a deadline does.
type ledger struct {
	entries chan string
	quit    chan struct{}
}

func newLedger() *ledger {
	return &ledger{entries: make(chan string, 512), quit: make(chan struct{})}
}

func (l *ledger) stop() { close(l.quit) }

func (l *ledger) enter(s string) {
	quit := l.quit
	select {
	case l.entries <- s:
	case <-quit:
	}
}

func (l *ledger) enterSoon(ctx context.Context, s string) {
	select {
	case l.entries <- s:
	case <-ctx.Done():
	}
}

type clerk struct{ book *ledger }

func (c *clerk) Pick(info balancer.PickInfo) (balancer.PickResult, error) {
	c.book.enter("pick") // want `note: .*\(\*ledger\).enter can block on a channel on balancer's loop`
	c.book.enterSoon(info.Ctx, "pick")
	return balancer.PickResult{}, nil
}
