package sizing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

// strict is a limit of rate attempts a second that allows no burst beyond ten
// and punishes what is too much: it refuses everything for a while.
type strict struct {
	rate    float64
	tokens  float64
	last    time.Duration
	penalty time.Duration // after a refusal
	until   time.Duration
}

func (l *strict) refuses(now time.Duration) bool {
	l.tokens = min(10, l.tokens+l.rate*(now-l.last).Seconds())
	l.last = now
	if now < l.until {
		return true
	}
	if l.tokens < 1 {
		l.until = now + l.penalty
		return true
	}
	l.tokens--
	return false
}

// pool keeps as many attempts in flight as the controller says; each takes r,
// give or take a half.
func pool(c *sizing.Controller, r time.Duration, until time.Duration, failed func(now time.Duration) bool) (succeeded int) {
	type attempt struct {
		began, ends time.Duration
		failed      bool
	}
	var flight []attempt
	now, begun := time.Duration(0), time.Duration(0)
	for now < until {
		for len(flight) < c.Size() {
			begun++
			flight = append(flight, attempt{now, now + r/2 + r*(begun*37%100)/100, failed(now)})
		}
		next := 0
		for i, a := range flight {
			if a.ends < flight[next].ends {
				next = i
			}
		}
		a := flight[next]
		now = a.ends
		if !a.failed {
			succeeded++
		}
		c.Done(sizing.Sample{Now: now, Elapsed: now - a.began, Failed: a.failed, InFlight: len(flight)})
		flight = slices.Delete(flight, next, next+1)
	}
	return succeeded
}

// A limit of 1000 a second that refuses all for a second after an excess is
// approached without meeting it all the time.
func TestPunishedExcess(t *testing.T) {
	limit := &strict{rate: 1000, penalty: time.Second, tokens: 10}
	c := sizing.New(sizing.Config{Procs: 4})
	const seconds = 60
	done := pool(c, 50*time.Millisecond, seconds*time.Second, limit.refuses)
	if least := 1000 * seconds / 2; done < least {
		t.Errorf("%d tasks in %d s (%s), want %d of the %d that the limit allows", done, seconds, c.Reason(), least, 1000*seconds)
	}
}

// Two tasks in flight meet no limit of 60 a second, and three do, but achieve
// more.
func TestFailuresThatPay(t *testing.T) {
	limit := &strict{rate: 60, tokens: 10}
	c := sizing.New(sizing.Config{Procs: 4})
	const seconds = 60
	paid := false
	done := pool(c, 50*time.Millisecond, seconds*time.Second, func(now time.Duration) bool {
		paid = paid || strings.Contains(c.Reason(), "cost less than fewer in flight would")
		return limit.refuses(now)
	})
	if least := 57 * seconds; done < least || !paid {
		t.Errorf("%d tasks (%s), want %d; failures were accepted: %v", done, c.Reason(), least, paid)
	}
}

// A storm is waited for with few in flight, and after it the size comes back
// within the second.
func TestStormPasses(t *testing.T) {
	c := sizing.New(sizing.Config{Procs: 4, Ceiling: 200})
	storm := func(now time.Duration) bool { return now > 5*time.Second && now < 7*time.Second }
	least := 200
	pool(c, 20*time.Millisecond, 8*time.Second, func(now time.Duration) bool {
		if storm(now) {
			least = min(least, c.Size())
		}
		return storm(now)
	})
	if least > 30 {
		t.Errorf("never fewer than %d in flight while everything failed", least)
	}
	if n := c.Size(); n < 90 {
		t.Errorf("size %d (%s) a second after the storm, want 100 and more", n, c.Reason())
	}
}

// A list where attempts fail for reasons of their own is worked
// off with more than one in flight.
func TestFailingAnyway(t *testing.T) {
	for _, in100 := range []int{10, 50, 97} {
		c := sizing.New(sizing.Config{Procs: 4, Ceiling: 200})
		i, area, samples := 0, 0, 0
		pool(c, 20*time.Millisecond, 60*time.Second, func(now time.Duration) bool {
			if now > 30*time.Second {
				area, samples = area+c.Size(), samples+1
			}
			i++
			return i*37%100 < in100
		})
		if mean := area / max(1, samples); mean < 50 {
			t.Errorf("%d %% fail: %d in flight on average (%s), want about 200", in100, mean, c.Reason())
		}
	}
}

// Where nothing ever succeeds, the reason says so.
func TestAllFailing(t *testing.T) {
	c := sizing.New(sizing.Config{Procs: 4, Ceiling: 200})
	pool(c, 20*time.Millisecond, 60*time.Second, func(time.Duration) bool { return true })
	if strings.Contains(c.Reason(), "NaN") {
		t.Errorf("size %d: %s", c.Size(), c.Reason())
	}
}
