package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// timeUnits are in seconds, largest first. Minutes begin at two, so that 90 s
// reads as it is spoken.
var timeUnits = []timeUnit{
	{2 * 3600, 3600, "h"}, {120, 60, "min"}, {1, 1, "s"}, {1e-3, 1e-3, "ms"}, {1e-6, 1e-6, "µs"}, {0, 1e-9, "ns"},
}

type timeUnit struct {
	from, size float64
	name       string
}

// duration writes seconds for people: 48 ms, 1.9 s, 3.4 min.
func duration(seconds float64) string {
	if seconds == 0 {
		return "0"
	}
	if math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return "unknown"
	}
	i := slices.IndexFunc(timeUnits, func(u timeUnit) bool {
		return math.Abs(seconds) >= u.from*0.9995 // half a digit below the unit rounds up into it
	})
	u := timeUnits[i] // the last takes everything
	return digits(seconds/u.size) + " " + u.name
}

// digits writes x with three significant digits above 100, two below; the third
// is noise in anything that was sampled.
func digits(x float64) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "unknown"
	case a >= 99.5:
		return thousands(int64(math.Round(x)))
	case a >= 9.95:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case a >= 0.995:
		return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	}
	return strconv.FormatFloat(x, 'g', 2, 64)
}

// thousands groups the digits of n: 1,204.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	head := len(s) % 3
	var groups []string
	sign := ""
	if n < 0 {
		sign, s, head = "-", s[1:], (len(s)-1)%3
	}
	if head > 0 {
		groups = append(groups, s[:head])
	}
	for ; head < len(s); head += 3 {
		groups = append(groups, s[head:head+3])
	}
	return sign + strings.Join(groups, ",")
}

// percent writes a share.
func percent(share float64) string {
	switch p := share * 100; {
	case p > 0 && p < 0.1:
		return "< 0.1 %"
	case p > 99.9 && p < 100:
		return "> 99.9 %" // rounding up to all would hide the rest
	case p > 99 && p < 100:
		return strconv.FormatFloat(p, 'f', 1, 64) + " %"
	default:
		return digits(p) + " %"
	}
}

// factor writes a ratio. Near 1 the second decimal decides between a gain and
// a loss.
func factor(x float64) string {
	if x >= 0.1 && x < 1.995 {
		return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(x, 'f', 2, 64), "0"), ".") + "×"
	}
	return digits(x) + "×"
}

// span writes an interval, once where both ends read the same; "" if nothing
// was measured.
func span(s advisor.Span, write func(float64) string) string {
	if s == (advisor.Span{}) {
		return ""
	}
	low, high := write(s[0]), write(s[1])
	if low == high {
		return low
	}
	return low + " to " + high
}

// ranged is the interval of a figure, which has no width where none was told.
func ranged(s advisor.Span, x float64) advisor.Span {
	if s == (advisor.Span{}) {
		return advisor.Span{x, x}
	}
	return s
}

// middle of an interval: the geometric mean, because the spans of times and
// ratios are symmetric in the logarithm; the arithmetic where one end is 0.
func middle(s advisor.Span) float64 {
	if s[0] > 0 && s[1] > 0 {
		return math.Sqrt(s[0]) * math.Sqrt(s[1])
	}
	return (s[0] + s[1]) / 2
}

// place is file:line, as far as it is known.
func place(file string, line int) string {
	if line > 0 {
		return file + ":" + strconv.Itoa(line)
	}
	return file
}

// count is a number with its noun: 1 finding, 1,204 findings.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return thousands(int64(n)) + " " + noun
}

// setting writes an executor with its size: "io, 32 to 64 at once".
func setting(s advisor.Setting) string {
	text := s.Executor
	switch {
	case s.Max > 0 && s.Min == s.Max:
		text += fmt.Sprintf(", %s at once", thousands(int64(s.Max)))
	case s.Max > 0:
		text += fmt.Sprintf(", %s to %s at once", thousands(int64(max(s.Min, 1))), thousands(int64(s.Max)))
	case s.Min > 0:
		text += fmt.Sprintf(", from %s at once", thousands(int64(s.Min)))
	case s.Limit != "":
		text += ", limit " + s.Limit
	}
	return text
}
