package blockloop

import (
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/report"
)

// swells reports whether an effect is three loops over data one within the other, or nested
// loops in a comparator. Two are what drawing rows and columns takes; with three, ten times
// the data takes a thousand times as long. The innermost has to be in sight: most of what
// other packages go over are the lines and columns of what they draw.
func swells(e *effects.Effect, l *knowledge.Loop) bool {
	return e.Kind == effects.CPU && !e.Is(effects.Linear) && e.Certainty >= effects.Usually && steep(e.Weight, l) &&
		e.Chain[len(e.Chain)-1].Pos.IsValid()
}

func steep(w effects.Weight, l *knowledge.Loop) bool {
	return w >= effects.Steep || l.Repeats && w == effects.Heavy
}

// nests tells of the nests of loops that stand in a function itself, each where it becomes
// too deep.
func (c *checker) nests(f *effects.Func) {
	if c.ctx.Loop.Own {
		return
	}
	for _, l := range f.Loops {
		if l.Sure < effects.Usually || !steep(l.Weight, c.ctx.Loop) || c.inNest(l.Parent) {
			continue
		}
		what, signals := "loops over data one within the other compute heavily", []string{"blockloop.swells"}
		if l.Weight == effects.Costly {
			what, signals = "a loop of many thousand turns computes heavily", nil
		}
		c.reporter.Report(report.Finding{
			Pos:     l.Node.Pos(),
			End:     l.Body().Pos(),
			Most:    evidence.Warning,
			Signals: signals,
			Kind:    "cpu",
			Message: what + " on " + c.ctx.Who + ", " + wayOut(c.ctx.Loop),
			Related: c.reason(),
		})
	}
}

// grown returns what a function that is looked at by itself computes too deep a nest of
// loops for only with those around the call.
func (c *checker) grown(op *effects.Op, inner *effects.Func) (list []effects.Effect) {
	within := func(e effects.Effect) bool { return swells(&e, c.ctx.Loop) }
	if slices.ContainsFunc(inner.Summary.Effects, within) {
		return nil
	}
	for _, e := range op.Effects {
		if within(e) {
			list = append(list, e)
		}
	}
	return list
}

// inNest reports whether the loop, or one around it, is told of by itself.
func (c *checker) inNest(l *effects.Loop) bool {
	return l != nil && (steep(l.Weight, c.ctx.Loop) || c.inNest(l.Parent))
}
