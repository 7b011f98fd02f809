package run

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

type result = executor.Result[[]byte, []byte]

// prepareRun prepares the run of the inputs: on worker processes, through a
// pipeline if there are several functions, or through the one function.
func (r *runner) prepareRun() {
	o := r.options(0)
	switch {
	case o.Executor == executor.Process:
		r.follow(remote.Start(r.ending(), r.inputs, o))
	case len(r.chain.stages) > 1:
		r.followStages(executor.Through(r.drain, iter.Seq[[]byte](r.inputs), r.pipeline()))
	default:
		r.follow(executor.Start(r.drain, iter.Seq[[]byte](r.inputs), r.call(), o))
	}
}

// follow makes the run's results and figures known to the rest.
func (r *runner) follow(run *executor.Run[[]byte, []byte]) {
	r.results, r.snapshot = run.Results(), run.Snapshot
}

// followStages does so for a pipeline, whose last stage has encoded its results.
func (r *runner) followStages(run *executor.Run[[]byte, any]) {
	r.snapshot, r.stages = run.Snapshot, run.Stages
	r.results = func(yield func(result) bool) {
		for res := range run.Results() {
			out, _ := res.Value.([]byte)
			if !yield(result{Index: res.Index, In: res.In, Value: out, Err: res.Err, Attempts: res.Attempts, Elapsed: res.Elapsed}) {
				return
			}
		}
	}
}

// patience is how long worker processes may go on with what they have when the
// inputs are ended: a task in a process cannot be told from one that waits for
// the process.
const patience = 5 * time.Second

// ending returns a context that ends some time after draining began.
func (r *runner) ending() context.Context {
	ctx, cancel := context.WithCancel(r.work)
	context.AfterFunc(r.drain, func() { time.AfterFunc(patience, cancel) })
	return ctx
}

// options are those of a stage.
func (r *runner) options(stage int) executor.Options {
	c := r.config
	o := executor.Options{
		Executor:  executor.Kind(c.Executor),
		Size:      workers(c.Size),
		Unordered: true, // the window puts them in order, after the journal has them
		Limits:    executor.Limits{Hard: c.Hard},
		Rate:      executor.Rate{PerSecond: c.Rate},
	}
	if c.Attempts > 1 {
		o.Retry = executor.Retry{Attempts: c.Attempts, If: retryable}
	}
	if o.Executor == executor.Serial {
		o.Size = 0
	}
	if stage < len(c.Advice) {
		o.Advice = c.Advice[stage]
	}
	if c.Window < defaultWindow {
		o.Window = c.Window
	}
	if o.Executor == executor.Process {
		o.Limits.Soft = c.Soft
		o.Processes = executor.Processes{Env: []string{envChain + "=" + chainText(c)}}
	}
	return o
}

// workers is a number of workers; a negative one counts from all cores, as
// joblib does: -1 is all of them.
func workers(n int) int {
	if n >= 0 {
		return n
	}
	return max(1, runtime.GOMAXPROCS(0)+1+n)
}

// retryable reports whether another attempt may help.
func retryable(err error) bool {
	var decode *DecodeError
	var panicked *executor.PanicError
	var task *executor.RemoteError
	if errors.As(err, &task) && strings.HasPrefix(task.Message, decodePrefix) {
		return false
	}
	return !errors.As(err, &decode) && !errors.As(err, &panicked)
}

// call is the function for the executor.
func (r *runner) call() func(context.Context, []byte) ([]byte, error) {
	ch := r.chain
	do := func(ctx context.Context, st states, raw []byte) ([]byte, error) {
		ctx, cancel := r.limit(ctx)
		defer cancel()
		return ch.do(ctx, st, raw)
	}
	return withStates(ch, do)
}

// withStates gives do the states of its worker, if the stages have any.
func withStates[T, R any](ch *chain, do func(context.Context, states, T) (R, error)) func(context.Context, T) (R, error) {
	if !ch.stateful() {
		return func(ctx context.Context, in T) (R, error) { return do(ctx, nil, in) }
	}
	return executor.PerWorker(ch.open, do)
}

// limit returns the context of one attempt.
func (r *runner) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx = lasting{r.work, ctx}
	if r.config.Soft <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, r.config.Soft)
}

// A lasting context has the values of one context and ends with the other: what
// runs when the inputs are ended may finish.
type lasting struct {
	context.Context
	values context.Context
}

func (l lasting) Value(key any) any { return l.values.Value(key) }

// pipeline runs each function on an executor of its own.
func (r *runner) pipeline() *executor.Pipeline[[]byte, any] {
	last := len(r.chain.stages) - 1
	var p *executor.Pipeline[[]byte, any]
	for i, s := range r.chain.stages {
		alone, o := &chain{stages: []*stage{s}}, r.options(i)
		do := func(ctx context.Context, st states, v any) (any, error) {
			ctx, cancel := r.limit(ctx)
			defer cancel()
			v, err := r.chain.step(ctx, i, spread(st, i), v)
			if err != nil || i < last {
				return v, err
			}
			return r.chain.encode(v)
		}
		if i > 0 {
			p = executor.Then(p, s.name, withStates(alone, do), o)
			continue
		}
		first := func(ctx context.Context, st states, raw []byte) (any, error) {
			v, err := r.chain.decode(raw)
			if err != nil {
				return nil, err
			}
			return do(ctx, st, v)
		}
		p = executor.Stage(s.name, withStates(alone, first), o)
	}
	return p
}

// spread puts the state of a single stage where step looks for it.
func spread(st states, i int) states {
	if len(st) == 0 {
		return nil
	}
	all := make(states, i+1)
	all[i] = st[0]
	return all
}

// envChain tells a worker process which functions it runs, and on what.
const envChain = "CONCURLINT_RUN_CHAIN"

type chainConfig struct {
	Stages []string
	Coding Coding
}

func chainText(c Config) string {
	text, err := json.Marshal(chainConfig{c.Stages, c.Coding})
	if err != nil {
		return "" // strings alone: it cannot be
	}
	return string(text)
}

// remote is the function of the worker processes.
var remote = executor.Func("concurlint run", func(ctx context.Context, raw []byte) ([]byte, error) {
	do, err := remoteChain()
	if err != nil {
		return nil, err
	}
	return do(ctx, raw)
})

var remoteChain = sync.OnceValues(func() (func(context.Context, []byte) ([]byte, error), error) {
	var c chainConfig
	if err := json.Unmarshal([]byte(os.Getenv(envChain)), &c); err != nil {
		return nil, err
	}
	ch, err := newChain(c.Stages, c.Coding)
	if err != nil {
		return nil, err
	}
	return withStates(ch, ch.do), nil
})
