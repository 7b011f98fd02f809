package advisor

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// timeUnits are in seconds. Minutes begin at two, so that 90 s reads as it is
// spoken; package report writes times alike.
var timeUnits = []struct {
	from, size float64
	name       string
}{{7200, 3600, "h"}, {120, 60, "min"}, {1, 1, "s"}, {1e-3, 1e-3, "ms"}, {1e-6, 1e-6, "µs"}, {0, 1e-9, "ns"}}

// secs is a time for people, in seconds: 48 ms, 1.9 s. Three digits are more
// than any recording is good for.
func secs(s float64) string {
	for _, u := range timeUnits {
		if s > 0 && s >= u.from*0.9995 { // half a digit below the unit rounds up into it
			return digits(s/u.size) + " " + u.name
		}
	}
	return "0 s"
}

// digits are three significant ones above 100, two below.
func digits(x float64) string {
	switch {
	case x >= 9.95:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 0.995:
		return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	}
	return strconv.FormatFloat(x, 'g', 2, 64)
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

// percents is an interval of shares for people.
func percents(s Span) string {
	if percent(s[0]) == percent(s[1]) {
		return percent(s[1])
	}
	return number(100*s[0]) + " to " + percent(s[1])
}

// numbers is an interval of figures for people.
func numbers(s Span) string {
	if number(s[0]) == number(s[1]) {
		return number(s[1])
	}
	return number(s[0]) + " to " + number(s[1])
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
