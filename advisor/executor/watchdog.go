package executor

import (
	"bytes"
	"cmp"
	"fmt"
	"runtime"
	"time"
)

// SlowCallback is a callback that has run for longer than the threshold.
type SlowCallback struct {
	Running time.Duration // at least
	Stack   []byte        // of the loop's goroutine, as of runtime.Stack
}

func (s SlowCallback) String() string {
	return fmt.Sprintf("a callback has held the loop for over %v:\n%s", s.Running, s.Stack)
}

// watch starts the watchdog of the calling goroutine; the function that it
// returns ends it. Callbacks are told apart by the count of turns, so that the
// loop itself never looks at the clock for it.
func (l *Loop) watch() func() {
	if l.Slow == nil || l.Threshold < 0 {
		return func() {}
	}
	threshold := cmp.Or(l.Threshold, 100*time.Millisecond)
	header := make([]byte, 64)
	header = header[:runtime.Stack(header, false)]
	header = header[:bytes.IndexByte(header, '[')] // "goroutine 12 "
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(threshold/2 + 1)
		defer tick.Stop()
		var last int64
		var since time.Time
		for {
			select {
			case <-stop:
				return
			case now := <-tick.C:
				turn := l.turn.Load()
				if turn != last {
					last, since = turn, now
					continue
				}
				if turn%2 == 0 || since.IsZero() || now.Sub(since) < threshold {
					continue
				}
				s := SlowCallback{Running: now.Sub(since), Stack: stackOf(header)}
				since = time.Time{} // once
				if l.turn.Load() == turn {
					l.Slow(s)
				}
			}
		}
	}()
	return func() { close(stop); <-stopped }
}

// stackOf returns the stack of the goroutine whose dump begins with header.
func stackOf(header []byte) []byte {
	buf := make([]byte, 64<<10)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) || len(buf) >= 64<<20 {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	from := bytes.Index(buf, header)
	if from < 0 {
		return nil
	}
	stack := buf[from:]
	if end := bytes.Index(stack, []byte("\n\n")); end >= 0 {
		stack = stack[:end+1]
	}
	return bytes.Clone(stack)
}
