package deadlines

import (
	"context"
	"net/http"
	"time"
)

// A wait with a deadline is over soon, whoever sets it: what has made a context
// from a time limits it, and what is only called so does not.
type courier struct {
	ins, outs chan *http.Request
	patience  time.Duration
}

func (c *courier) brief(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, c.patience)
}

func within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithDeadline(ctx, time.Now().Add(d))
}

type name struct{}

func WithTimeoutOf(ctx context.Context, who string) context.Context {
	return context.WithValue(ctx, name{}, who)
}

func send(ctx context.Context, r *http.Request) error {
	resp, err := http.DefaultClient.Do(r.WithContext(ctx))
	if err == nil {
		err = resp.Body.Close()
	}
	return err
}

func (c *courier) run(ctx context.Context, quit chan struct{}) {
	for {
		select {
		case r := <-c.ins:
			short, cancel := c.brief(ctx)
			_ = send(short, r)
			cancel()
		case r := <-c.outs:
			short, cancel := within(ctx, c.patience)
			_ = send(WithTimeoutOf(short, "outs"), r)
			cancel()
		case <-quit:
			return
		}
	}
}

func (c *courier) runs(ctx context.Context, quit chan struct{}) {
	for {
		select {
		case r := <-c.ins:
			named := WithTimeoutOf(ctx, "ins")
			_ = send(named, r) // want `silent: blockloop: send waits on the network while the loop serves none of its 2 channels`
		case r := <-c.outs:
			_ = send(WithTimeoutOf(ctx, "outs"), r) // want `silent: blockloop: send waits on the network while the loop serves none of its 2 channels`
		case <-quit:
			return
		}
	}
}
