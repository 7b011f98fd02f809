package advisor

import (
	"slices"
	"strconv"
	"strings"
)

// This file corrects advice that follows from recordings by what the source and
// runs say of it.

// KeepSteps makes of advice on a loop that it is as it has to be: recordings do not
// show that an iteration needs what the one before it left, the source does.
func (x *Advice) KeepSteps(why string) {
	x.Action, x.Title = actKeep, "keep: one iteration needs what the one before it did"
	x.Recommend, x.Gain, x.Latency = x.Now, Span{1, 1}, Span{}
	x.Because = slices.Insert(x.Because, 0, why)
}

// Doubt makes of advice on a loop a question: nothing shows that its iterations do
// not need one another.
func (x *Advice) Doubt() {
	x.Look = true
	x.Title = "worth a look: do its iterations need one another? If not, " + x.Title
	if x.Site.Because != "" {
		x.Unknown = slices.Insert(x.Unknown, 0, "whether one iteration needs what another one did: "+x.Site.Because)
	} else {
		x.Unknown = slices.Insert(x.Unknown, 0, "whether one iteration needs what another one did")
	}
}

// Prove puts what runs have shown in place of what was expected: a size that has
// proved faster is the advice from then on, and what it brought to the benchmark is
// the gain.
func (x *Advice) Prove(v *Verified) {
	x.Verified = v
	r := &x.Recommend
	if v.Claim != "faster" || v.Size == 0 {
		return
	}
	advised := sizes(r.Min, r.Max)
	if i := strings.LastIndex(x.Title, advised); i >= 0 {
		x.Title = x.Title[:i] + strconv.Itoa(v.Size) + x.Title[i+len(advised):]
	}
	r.Min, r.Max = v.Size, v.Size
	x.Gain = v.Throughput.Span
}
