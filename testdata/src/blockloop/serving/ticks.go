package serving

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"blockloop/again"
)

// A schedule has several jobs, which one goroutine does when their times come.
type schedule struct {
	keys  map[string]time.Time
	asked chan string
	kept  chan string
	conn  net.Conn
}

func newSchedule() *schedule {
	return &schedule{keys: make(map[string]time.Time), asked: make(chan string), kept: make(chan string, 8)}
}

func (s *schedule) add(key string)  { s.asked <- key }
func (s *schedule) keep(key string) { s.kept <- key }

func (s *schedule) refresh() error {
	resp, err := http.Get("http://example.com/keys")
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (s *schedule) expire() {
	for k, t := range s.keys {
		if time.Since(t) > time.Hour {
			delete(s.keys, k)
		}
	}
}

// While the far end does not answer, what is due every second is not done.
func (s *schedule) often(ctx context.Context) {
	hourly, often := time.NewTicker(time.Hour), time.NewTicker(time.Second)
	for {
		select {
		case <-hourly.C:
			s.refresh() // want `note: blockloop: \(\*schedule\).refresh waits on the network on a tick while the loop is late for the job of often.C, hand it to a goroutine`
		case <-often.C:
			s.expire()
		case <-ctx.Done():
			return
		}
	}
}

// Jobs that are seldom due, the time of one of which is set only if it is wanted.
func (s *schedule) seldom(ctx context.Context, wanted bool) {
	hourly, daily := time.NewTicker(time.Hour), time.NewTicker(24*time.Hour)
	var times <-chan time.Time
	if wanted {
		times = daily.C
	}
	for {
		select {
		case <-hourly.C:
			s.refresh() // want `note: blockloop: \(\*schedule\).refresh waits on the network on a tick while the loop is late for the job of times`
		case <-times:
			s.expire()
		case <-ctx.Done():
			return
		}
	}
}

// The loop has one job, and nobody else is late.
func (s *schedule) alone(ctx context.Context) {
	hourly := time.NewTicker(time.Hour)
	for {
		select {
		case <-hourly.C:
			s.refresh()
		case <-ctx.Done():
			return
		}
	}
}

// Nothing is late: another time tells people that the loop is alive, or begins anew with
// each turn, or does the same job.
func (s *schedule) nothing(ctx context.Context) {
	hourly, often := time.NewTicker(time.Hour), time.NewTicker(time.Second)
	for {
		select {
		case <-hourly.C:
			s.refresh()
		case <-often.C:
			log.Print("alive")
		case <-time.After(time.Minute):
			s.expire()
		case <-ctx.Done():
			return
		}
	}
}

func (s *schedule) same(ctx context.Context) {
	hourly, often := time.NewTicker(time.Hour), time.NewTicker(time.Second)
	for {
		select {
		case <-hourly.C:
			s.expire()
			s.refresh()
		case <-often.C:
			s.refresh()
		case <-ctx.Done():
			return
		}
	}
}

// All jobs wait for others.
func (s *schedule) all(ctx context.Context) {
	hourly, daily := time.NewTicker(time.Hour), time.NewTicker(24*time.Hour)
	for {
		select {
		case <-hourly.C:
			s.refresh() // want `silent: blockloop: \(\*schedule\).refresh waits on the network on a tick while the loop is late for the job of daily.C`
		case <-daily.C:
			ask("report") // want `silent: blockloop: ask waits on the network on a tick while the loop is late for the job of hourly.C`
		case <-ctx.Done():
			return
		}
	}
}

// Who adds a key waits for the far end, too.
func (s *schedule) serve(ctx context.Context) {
	hourly := time.NewTicker(time.Hour)
	for {
		select {
		case <-hourly.C:
			s.refresh() // want `warning: blockloop: \(\*schedule\).refresh waits on the network on a tick while the loop takes nothing from s.asked, hand it to a goroutine`
		case k := <-s.asked:
			s.keys[k] = time.Now()
		case <-ctx.Done():
			return
		}
	}
}

// Here the buffer takes the keys.
func (s *schedule) serveKept(ctx context.Context) {
	hourly := time.NewTicker(time.Hour)
	for {
		select {
		case <-hourly.C:
			s.refresh() // want `note: blockloop: \(\*schedule\).refresh waits on the network on a tick while the loop takes nothing from s.kept, hand it to a goroutine`
		case k := <-s.kept:
			s.keys[k] = time.Now()
		case <-ctx.Done():
			return
		}
	}
}

// Each try ends in time, but they are many.
func (s *schedule) tries(ctx context.Context) {
	hourly, often := time.NewTicker(time.Hour), time.NewTicker(time.Second)
	fetch := func() error {
		conn, err := net.DialTimeout("tcp", "peer.example:7", time.Second)
		if err != nil {
			return err
		}
		return conn.Close()
	}
	for {
		select {
		case <-hourly.C:
			_ = fetch()
			_ = again.Once(fetch)
			_ = again.Try(5, fetch)            // want `note: blockloop: again.Try tries again after pauses on a tick while the loop is late for the job of often.C, hand it to a goroutine`
			_, _ = again.Until(ctx, s.fetched) // want `note: blockloop: again.Until tries again after pauses on a tick`
			_ = again.Do(ctx, fetch)           // want `note: blockloop: again.Do tries again after pauses on a tick`
			_ = again.Try(5, s.check)
		case <-often.C:
			s.expire()
		case <-ctx.Done():
			return
		}
	}
}

func (s *schedule) fetched() (int, error) { return len(s.keys), s.refresh() }

// check waits for nobody.
func (s *schedule) check() error {
	if len(s.keys) == 0 {
		return errors.New("no keys")
	}
	return nil
}

// A watch tells what has changed on the disk.
type watch struct {
	events chan string
	errors chan error
}

// The other channel brings what is only told to people.
func (s *schedule) reload(w *watch, done chan struct{}) {
	for {
		select {
		case name := <-w.events:
			_, _ = again.Until(context.Background(), func() (os.FileInfo, error) { return os.Stat(name) }) // want `silent: blockloop: again.Until tries again after pauses while the loop serves none of its 2 channels`
			ask(name)                                                                                      // want `silent: blockloop: ask waits on the network while the loop serves none of its 2 channels`
		case err := <-w.errors:
			log.Print(err)
		case <-done:
			return
		}
	}
}

// What is there to send on a connection that is open.
func (s *schedule) send(done chan struct{}) {
	for {
		select {
		case k := <-s.kept:
			s.conn.Write([]byte(k)) // want `silent: blockloop: net.Conn.Write waits on the network while the loop serves none of its 2 channels`
		case k := <-s.asked:
			s.keys[k] = time.Now()
		case <-done:
			return
		}
	}
}

// inTest is for tests; the rest of the file is none.
func inTest(t *testing.T) bool { return t != nil && testing.Testing() }
