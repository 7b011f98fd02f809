package effects

import (
	"fmt"
	"go/types"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestDistilled checks on implementations made at random that merging those that
// are left gives the cases, with witnesses as short, that merging all gives.
func TestDistilled(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 2000 {
		var impls []*Func
		for range 1 + r.IntN(20) {
			f := &Func{}
			for kind := range numKinds {
				if r.IntN(3) > 0 {
					continue
				}
				e := Effect{Kind: kind, Certainty: Certainty(1 + r.IntN(4)), Weight: Weight(r.IntN(4)), Bound: Bound(r.IntN(3)), Root: Root(r.IntN(4) - 2), Flags: Flags(r.IntN(2)) * Deferred}
				for range 1 + r.IntN(maxChain) {
					e.Chain = append(e.Chain, Frame{Call: string(rune('a' + r.IntN(26)))})
				}
				f.Summary.Effects = append(f.Summary.Effects, e)
			}
			impls = append(impls, f)
		}
		p := &pkg{distillates: make(map[*types.Func][]distillate)}
		certainty := Certainty(1 + r.IntN(4))
		var have, want []Effect
		for _, d := range p.distilled(nil, impls) {
			have = called(have, d.Effects, certainty)
		}
		few := fewDo(impls)
		for _, f := range impls {
			s := few.seldom(&f.Summary)
			want = called(want, s.Effects, certainty)
		}
		if !slices.Equal(sorted(have), sorted(want)) {
			t.Fatalf("round %d:\nhave %s\nwant %s", round, strings.Join(sorted(have), "\n"), strings.Join(sorted(want), "\n"))
		}
	}
}

func sorted(list []Effect) []string {
	var out []string
	for i := range list {
		out = append(out, fmt.Sprint(list[i].class(), len(list[i].Chain)))
	}
	slices.Sort(out)
	return out
}

// called merges effects as a call does that is as certain as this.
func called(list, effects []Effect, certainty Certainty) []Effect {
	for _, e := range effects {
		e.Certainty = min(e.Certainty, certainty)
		old := -1
		for i := range list {
			if together(&list[i], &e) && placeOf(&list[i]) == placeOf(&e) {
				old = i
			}
		}
		if old >= 0 && !betterBy(&e, min(len(e.Chain)+1, maxChain), &list[old]) {
			continue
		}
		e.Chain = append([]Frame{{Call: "call"}}, e.Chain...)
		if len(e.Chain) > maxChain {
			e.Chain = append(e.Chain[:maxChain-1:maxChain-1], e.Chain[len(e.Chain)-1])
		}
		merge(&list, e)
	}
	return list
}
