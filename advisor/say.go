package advisor

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// secs is a time for people, in seconds: three digits are more than any
// recording is good for.
func secs(s float64) string {
	d := time.Duration(s * 1e9)
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}

// number is a figure with two digits.
func number(x float64) string {
	if x >= 10 || x == math.Trunc(x) {
		return strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 2, 64)
}

// percent is a share for people.
func percent(share float64) string { return number(100*share) + " %" }

// plural is "1 wait" and "3 waits".
func plural(n int64, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.FormatInt(n, 10) + " " + word + "s"
}

// sizes is a range of sizes for people.
func sizes(lo, hi int) string {
	switch {
	case hi == 0:
		return fmt.Sprintf("from %d", lo)
	case lo == hi:
		return strconv.Itoa(lo)
	}
	return fmt.Sprintf("%d to %d", lo, hi)
}

// span is an interval of times for people.
func span(s Span) string {
	if secs(s[0]) == secs(s[1]) {
		return secs(s[0])
	}
	return secs(s[0]) + " to " + secs(s[1])
}

// strongest is the kind of outside wait that takes longest, NumKinds without any.
func strongest(wait *[profile.NumKinds]Span) profile.Kind {
	best := profile.NumKinds
	for _, k := range outsideKinds {
		if wait[k][1] > 0 && (best == profile.NumKinds || wait[k][1] > wait[best][1]) {
			best = k
		}
	}
	return best
}
