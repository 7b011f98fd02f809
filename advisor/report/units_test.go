package report

import (
	"math"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor"
)

func TestUnits(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{duration(0), "0"}, {duration(0.0475), "48 ms"}, {duration(0.00092), "920 µs"}, {duration(3.14159), "3.1 s"}, {duration(90), "90 s"},
		{duration(204), "3.4 min"}, {duration(7200), "2 h"}, {duration(0.99999), "1 s"}, {duration(5e-8), "50 ns"}, {duration(-0.002), "-2 ms"},
		{duration(math.NaN()), "unknown"}, {duration(math.Inf(1)), "unknown"},
		{digits(1204.4), "1,204"}, {digits(99.6), "100"}, {digits(9.96), "10"}, {digits(0.0123), "0.012"},
		{thousands(999), "999"}, {thousands(2310400), "2,310,400"}, {thousands(-12345), "-12,345"},
		{percent(0), "0 %"}, {percent(0.0004), "< 0.1 %"}, {percent(0.9999), "> 99.9 %"}, {percent(0.991), "99.1 %"}, {percent(1), "100 %"},
		{factor(1.02), "1.02×"}, {factor(1), "1×"}, {factor(0.85), "0.85×"}, {factor(2.61), "2.6×"}, {factor(120), "120×"},
		{span(advisor.Span{}, factor), ""}, {span(advisor.Span{2, 2.01}, factor), "2×"}, {span(advisor.Span{1.3, 2.1}, factor), "1.3× to 2.1×"},
		{shell("./a/b"), "./a/b"}, {shell("it's $HOME"), `'it'\''s $HOME'`}, {shell(""), "''"}, {shell("~root"), "'~root'"},
		{clean("a\x1b[2Jb\u202ec\xff"), `a\x1b[2Jb\u202ec\ufffd`}, {clean("µs × ÷ 日本"), "µs × ÷ 日本"},
		{strings.Join(wrap("it took 30 s, no more than that", 20), "|"), "it took 30 s, no|more than that"},
		{strings.Join(wrap("a/very/long/path/that/has/to/be/copied.go:1 x", 20), "|"), "a/very/long/path/that/has/to/be/copied.go:1|x"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
