package process

import (
	"testing"
	"time"
)

// TestLuck has one watch in so many fail, and looks at how many there are and
// what they lose.
func TestLuck(t *testing.T) {
	const trips, trip = 100_000, 10 * time.Microsecond
	for _, c := range []struct {
		vain        int
		lost        time.Duration
		least, most int
	}{
		{1 << 30, 0, trips, trips},
		{1000, 3 * time.Millisecond, trips, trips},
		{100, watchTime, trips, trips},
		{1, watchTime, 10, trips / 50},
		{1, 3 * time.Millisecond, 1, 100},
		{2, 3 * time.Millisecond, 1, 100},
	} {
		var k luck
		now := time.Now()
		watched, lost := 0, time.Duration(0)
		for range trips {
			now = now.Add(trip)
			if !k.next(now) {
				continue
			}
			watched++
			if watched%c.vain == 0 {
				lost += c.lost
				now = now.Add(c.lost)
				k.learn(now, false, c.lost)
			} else {
				k.learn(now, true, time.Microsecond)
			}
		}
		if watched < c.least || watched > c.most {
			t.Errorf("one in %d loses %v: %d watched, not %d..%d", c.vain, c.lost, watched, c.least, c.most)
		}
		if gain := time.Duration(watched) * luckGain; lost-gain > trips*trip/50 {
			t.Errorf("one in %d loses %v: lost %v, gained %v", c.vain, c.lost, lost, gain)
		}
	}
}
