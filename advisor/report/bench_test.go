package report

import (
	"fmt"
	"io"
	"os"
	"testing"
)

// large is a report of 2,000 sites and 5,000 findings beside a profile of
// hundreds of thousands of nodes.
func large(t testing.TB) Page {
	p := richPage(t)
	r := *p.Report
	some, found := r.Advice, r.Findings
	r.Advice, r.Findings = nil, nil
	for i := range 2000 {
		a := some[i%len(some)]
		a.Site.Line += i
		a.Stake /= float64(1 + i)
		r.Advice = append(r.Advice, a)
	}
	for i := range 5000 {
		f := found[i%len(found)]
		f.Line += i
		f.Function += fmt.Sprint(i)
		r.Findings = append(r.Findings, f)
	}
	return Page{&r, NewFlame(wide(20_000)), p.Source}
}

func BenchmarkHTML(b *testing.B) {
	for name, p := range map[string]Page{"rich": richPage(b), "large": large(b)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := HTML(io.Discard, p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	if *pageFile != "" { // beside the rich page, to be looked at
		if err := os.WriteFile(*pageFile, []byte(render(b, large(b))), 0o644); err != nil {
			b.Fatal(err)
		}
	}
}
