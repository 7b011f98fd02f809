package blockloop

import (
	"go/ast"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// triesAgain reports whether op gives a function that waits outside the program to one
// that pauses before it calls that again, and returns what it waits for:
//
//	backoff.Retry(ctx, fetch)
//
// While the far end is down, the pauses add up to far more than one try takes, whatever
// limits that.
func (c *checker) triesAgain(f *effects.Func, op *effects.Op) (wait, bool) {
	call, ok := op.Node.(*ast.CallExpr)
	fn := op.Callee()
	if !ok || fn == nil || op.Certainty < effects.Usually {
		return wait{}, false
	}
	for _, u := range c.res.Effects.Uses(fn) {
		if !u.Again || u.Method != "" || u.Goes || u.Arg < 0 || u.Arg >= len(call.Args) || u.Certainty < effects.Usually {
			continue
		}
		task, _ := c.res.Effects.Task(f, op, u.Arg)
		i := slices.IndexFunc(task, func(e effects.Effect) bool {
			return e.Kind.IO() && !e.Is(effects.Hint) && e.Certainty >= effects.Usually
		})
		if i < 0 {
			continue
		}
		return wait{&task[i], effects.DisplayName(fn, c.pass.Pkg) + " tries again after pauses", []string{"blockloop.retries"}}, true
	}
	return wait{}, false
}
