package executor

import (
	"context"
	"runtime/pprof"
)

// The labels that goroutines of a run have in CPU and goroutine profiles. Their
// names are prefixed, because profiles have the program's own labels too.
const (
	labelExecutor = "concurlint.executor"
	labelStage    = "concurlint.stage"
)

// Kinds in labels alone: nobody asks for them by Options.
const (
	kindPool  Kind = "pool"
	kindGroup Kind = "group"
	kindRange Kind = "range"
)

// labels are those of workers while a run is on one executor, besides those that
// its context has.
type labels struct {
	ctx  context.Context
	kind Kind
}

func newLabels(ctx context.Context, kind Kind, stage string) *labels {
	return &labels{pprof.WithLabels(ctx, pprof.Labels(labelExecutor, string(kind), labelStage, stage)), kind}
}

// set gives them to the goroutine.
func (l *labels) set() { pprof.SetGoroutineLabels(l.ctx) }
