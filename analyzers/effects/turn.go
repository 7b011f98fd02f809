package effects

import "golang.org/x/tools/go/analysis"

// InTurn is the Run function of an analyzer that requires Analyzer and runs run.
// Much of what a Result and its Program say is worked out when it is first asked
// for, and remembered, while drivers run the passes over a package side by side:
// those take turns. Locks of single answers would cost more than the rules do.
func InTurn(run func(*analysis.Pass) (any, error)) func(*analysis.Pass) (any, error) {
	return func(pass *analysis.Pass) (any, error) {
		r := pass.ResultOf[Analyzer].(*Result)
		r.turn.Lock()
		defer r.turn.Unlock()
		return run(pass)
	}
}
