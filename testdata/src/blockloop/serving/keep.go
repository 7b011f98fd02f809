package serving

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"
)

// One goroutine keeps a connection up, and takes events and the end of the program
// in the same select: while a peer does not answer, it takes neither.
type keeper struct {
	events chan string
	state  string
	conn   net.Conn
	batch  []string
}

func (k *keeper) dial() error {
	c, err := net.Dial("tcp", "peer.example:7")
	if err == nil {
		k.conn = c
	}
	return err
}

func (k *keeper) run(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	for {
		select {
		case e := <-k.events:
			k.state = e
		case <-tick.C:
			_ = k.dial() // want `note: blockloop: \(\*keeper\).dial waits on the network on a tick while the loop takes nothing from k.events, hand it to a goroutine`
		case <-ctx.Done():
			return
		}
	}
}

// Off the loop.
func (k *keeper) spread(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	for {
		select {
		case e := <-k.events:
			k.state = e
		case <-tick.C:
			go k.dial()
		case <-ctx.Done():
			return
		}
	}
}

// What ends the loop ends the dial.
func (k *keeper) limited(ctx context.Context) {
	var d net.Dialer
	for {
		select {
		case e := <-k.events:
			k.state = e
		case <-time.After(time.Minute):
			if c, err := d.DialContext(ctx, "tcp", "peer.example:7"); err == nil {
				k.conn = c
			}
		case <-ctx.Done():
			return
		}
	}
}

// What came in is what the tick sends: who is quicker than the far end has to wait.
func (k *keeper) gather(ctx context.Context) {
	for {
		select {
		case e := <-k.events:
			k.batch = append(k.batch, e)
		case <-time.After(time.Second):
			k.flush()
		case <-ctx.Done():
			return
		}
	}
}

func (k *keeper) flush() {
	resp, err := http.Post("http://example.com/", "text/plain", strings.NewReader(strings.Join(k.batch, "\n")))
	if err == nil {
		resp.Body.Close()
	}
	k.batch = k.batch[:0]
}

// The same with locals.
func gather(ctx context.Context, in chan string) {
	var batch []string
	for {
		select {
		case e := <-in:
			batch = append(batch, e)
		case <-time.After(time.Second):
			ask(strings.Join(batch, "/"))
			batch = nil
		case <-ctx.Done():
			return
		}
	}
}

// Both kinds of turns wait for the far end: that is what the loop is for.
func (k *keeper) both(ctx context.Context) {
	for {
		select {
		case e := <-k.events:
			ask(e)
		case <-time.After(time.Minute):
			ask("ping")
		case <-ctx.Done():
			return
		}
	}
}

// What uses the connection that is open is soon done.
func (k *keeper) ping(ctx context.Context) {
	for {
		select {
		case e := <-k.events:
			k.state = e
		case <-time.After(time.Minute):
			k.conn.Write([]byte("ping"))
		case <-ctx.Done():
			return
		}
	}
}

// A wake-up brings nothing: the loop does the same as on a tick.
func (k *keeper) woken(ctx context.Context, now chan struct{}) {
	for {
		select {
		case <-now:
			k.state = "asked"
		case <-time.After(time.Minute):
			_ = k.dial()
		case <-ctx.Done():
			return
		}
	}
}
