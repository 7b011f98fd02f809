package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/mattn/go-isatty"

	"github.com/concurlint/concurlint/advisor/executor"
	running "github.com/concurlint/concurlint/advisor/run"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/harness"
)

// runFunctions runs functions over a stream of inputs.
func runFunctions(ctx context.Context, opts *options, stdout, stderr io.Writer) (int, error) {
	if len(opts.args) == 0 {
		return 0, errors.New("concurlint run takes a function, PKG.FUNC; for example: concurlint run ./hash.File < names")
	}
	p, err := planRun(ctx, opts, stderr)
	if ctx.Err() != nil {
		return 0, check.ErrInterrupted
	}
	if err != nil {
		return 0, err
	}
	if opts.run.dryRun {
		p.describe(stdout)
		return exitClean, nil
	}
	if opts.run.explain {
		p.describe(stderr)
	}
	if err := p.askAboutChange(ctx, stderr); err != nil {
		return 0, err
	}
	return p.start(ctx, stderr)
}

// A plan is all that is known before the first input is read.
type plan struct {
	opts      *options
	functions []*harness.Function
	classes   []class
	harness   *harness.Harness
	config    running.Config
}

// planRun finds the functions, builds the program around them and asks for
// their classes.
func planRun(ctx context.Context, opts *options, stderr io.Writer) (*plan, error) {
	names, pkgs, err := loadFunctions(ctx, opts.args)
	if err != nil {
		return nil, err
	}
	p := &plan{opts: opts}
	if p.functions, err = resolve(pkgs, names, splitList(opts.run.state)); err != nil {
		return nil, err
	}
	if err := p.configure(); err != nil {
		return nil, err
	}
	if p.harness, err = pkgs.Build(ctx, p.functions); err != nil {
		return nil, err
	}
	p.config.Function = p.harness.Function
	p.classes = classesOf(ctx, opts, stderr, p)
	for _, c := range p.classes {
		p.config.Advice = append(p.config.Advice, advice(c))
	}
	if opts.run.advice != "" {
		return p, p.advised()
	}
	return p, nil
}

// loadFunctions finds the packages of PKG.FUNC arguments and loads them. As a rule an
// argument names its package as go list wants it, and one question answers both.
// Otherwise each is asked for by itself, which also tells what is wrong.
func loadFunctions(ctx context.Context, args []string) ([]harness.Name, *harness.Packages, error) {
	if names, pkgs := loadNamed(ctx, args); pkgs != nil {
		return names, pkgs, nil
	}
	names, paths, err := locateFunctions(ctx, args)
	if err != nil {
		return nil, nil, err
	}
	pkgs, err := harness.Load(ctx, paths)
	return names, pkgs, err
}

// loadNamed returns nil where an argument does not name a package that compiles.
func loadNamed(ctx context.Context, args []string) (names []harness.Name, pkgs *harness.Packages) {
	var patterns []string
	for _, arg := range args {
		may, _ := meanings(arg)
		patterns = append(patterns, may...)
	}
	if len(patterns) == 0 {
		return nil, nil // go list would take that for the package here
	}
	pkgs, ok := harness.Guess(ctx, patterns)
	if !ok {
		return nil, nil
	}
	for _, arg := range args {
		may, functions := meanings(arg)
		pkg, fn := matched(pkgs.Named, may, functions)
		if pkg == nil {
			return nil, nil
		}
		names = append(names, harness.Name{Path: pkg.ImportPath, Func: fn})
	}
	return names, pkgs
}

// locateFunctions finds the packages of PKG.FUNC arguments.
func locateFunctions(ctx context.Context, args []string) (names []harness.Name, paths []string, err error) {
	for _, arg := range args {
		pkg, fn, err := locate(ctx, arg)
		if err != nil {
			return nil, nil, err
		}
		name := harness.Name{Path: pkg.ImportPath, Func: fn}
		names = append(names, name)
		paths = append(paths, name.Path)
	}
	return names, paths, nil
}

// resolve looks at the functions and whether they fit together. States are the
// names of -state, one for each function that has a state.
func resolve(pkgs *harness.Packages, names []harness.Name, states []string) ([]*harness.Function, error) {
	var list []*harness.Function
	for i, name := range names {
		state := ""
		if len(states) > 0 && (pkgs.Stateful(name) || i == len(names)-1) {
			state, states = states[0], states[1:]
		}
		fn, err := pkgs.Function(name, state)
		var missing *harness.NotFoundError
		if errors.As(err, &missing) {
			return nil, noFunction(missing.Name.Path, missing.Name.Func, missing.Names)
		}
		if err != nil {
			return nil, err
		}
		if n := len(list); n > 0 {
			if err := harness.Fits(list[n-1], fn); err != nil {
				return nil, err
			}
		}
		list = append(list, fn)
	}
	if len(states) > 0 {
		return nil, fmt.Errorf("-state names %s too many: no further function has a state", strings.Join(states, ", "))
	}
	return list, nil
}

// configure makes the harness's configuration of the flags.
func (p *plan) configure() error {
	o, first, last := &p.opts.run, p.functions[0], p.functions[len(p.functions)-1]
	c := &p.config
	for _, fn := range p.functions {
		c.Stages = append(c.Stages, fn.Name)
	}
	c.Coding.In, c.Coding.Out = first.Format, last.Result
	if o.in == running.Files {
		c.Coding.Files = true
	} else if o.in != "" {
		c.Coding.In = o.in
	}
	if o.out != "" {
		c.Coding.Out = o.out
	}
	if o.tag && last.Out == "" {
		return fmt.Errorf("-tag: %s has no result to stand behind the input", last.Sig)
	}
	if o.cache != "" && last.Out == "" {
		return fmt.Errorf("-cache: %s has no result to keep", last.Sig)
	}
	if o.outDir != "" && last.Out == "" {
		return fmt.Errorf("-out-dir: %s has no result to write", last.Sig)
	}
	if o.soft > 0 && !slices.ContainsFunc(p.functions, (*harness.Function).HasContext) {
		return fmt.Errorf("-timeout: %s takes no context.Context that could end; -kill-after %v gives an input up after that time", last.Sig, o.soft)
	}
	if o.retries > 0 {
		c.Attempts = o.retries + 1
	}
	c.Null, c.Args, c.Tag, c.Unordered, c.MaxInput, c.Window, c.OutDir = o.null, o.inputs, o.tag, o.unordered, o.most, o.window, o.outDir
	c.Make, c.Plan = o.make || o.plan, o.plan
	c.Executor, c.Size, c.Soft, c.Hard, c.Rate = o.executor, o.workers, o.soft, o.hard, o.rate
	c.Journal, c.Resume, c.ResumeFailed, c.Force, c.Salvage = o.journal, o.resume, o.resumeFailed, o.force, o.salvage
	c.Failures = o.failures
	c.Cache, c.CacheSize, c.CacheAge = o.cache, int64(o.cacheMost), o.cacheAge
	return nil
}

// start runs the harness and shows how it goes.
func (p *plan) start(ctx context.Context, stderr io.Writer) (int, error) {
	show, err := newDisplay(p, stderr)
	if err != nil {
		return 0, err
	}
	defer show.close()
	if p.config.Args == nil && isatty.IsTerminal(os.Stdin.Fd()) {
		show.say("inputs come from the terminal, a line each; Ctrl-D ends them")
	}
	proc, err := p.harness.Start(&p.config, show.stderr())
	if err != nil {
		return 0, err
	}
	quit := make(chan struct{})
	go p.watchInterrupts(ctx, proc, show, quit)
	ended := proc.Events(show.event)
	close(quit)
	return p.outcome(show, ended)
}

// watchInterrupts hands Ctrl-C and SIGTERM on: the first lets the harness finish
// what runs, a Ctrl-C after it ends it. A second SIGTERM does not: timeout sends
// two at once, and who has no patience sends SIGKILL.
func (p *plan) watchInterrupts(ctx context.Context, proc *harness.Process, show *display, quit chan struct{}) {
	again := make(chan os.Signal, 1)
	select {
	case <-quit:
		return
	case <-ctx.Done():
	}
	signal.Notify(again, os.Interrupt)
	if isTerminated(ctx) {
		show.say("stopping on SIGTERM: no more inputs are read, what runs is finished")
	} else {
		show.say("stopping: no more inputs are read, what runs is finished; Ctrl-C again ends it at once")
	}
	proc.Drain()
	select {
	case <-quit:
	case <-again:
		show.ended.Store(true)
		proc.Quit()
	}
}

// outcome turns the last event into the exit status.
func (p *plan) outcome(show *display, ended error) (int, error) {
	last := show.last
	if last == nil || last.Report == nil {
		if show.ended.Load() {
			return exitInterrupted, nil
		}
		return 0, p.died(show, ended)
	}
	r := last.Report
	show.report(last)
	switch out := p.opts.run.adviceOut; {
	case out == "" || r.Ran == 0:
	case !r.Tells():
		show.say(fmt.Sprintf("%s is not written (-write-advice): %d of %s failed, which tells nothing of the work; run it again when they succeed",
			relative(out), r.Ran-r.Succeeded, running.Count(r.Ran, "input")))
	default:
		if err := p.writeAdvice(last); err != nil {
			return 0, err
		}
	}
	switch {
	case r.Stopped != "":
		return 0, errors.New(p.remedy(r.Stopped))
	case r.Interrupt:
		return exitInterrupted, nil
	case r.Missing > 0:
		return 0, fmt.Errorf("the inputs ended early: the journal has results for %d more; resume with the inputs of the first run", r.Missing)
	case last.Failed > 0:
		return exitFindings, nil
	}
	return exitClean, nil
}

// died says what is left of a harness that ended without a word.
func (p *plan) died(show *display, ended error) error {
	how := "exit status 0"
	if ended != nil {
		how = ended.Error()
	}
	text := fmt.Sprintf("the program with %s ended by itself (%s)", p.functions[0].Name, how)
	if show.progress != nil {
		text += " after " + running.Count(show.progress.Done, "input")
	}
	if p.config.Journal != "" {
		return fmt.Errorf("%s; what the journal has is safe: go on with -resume, or with -executor process, which survives a function that ends its process", text)
	}
	return fmt.Errorf("%s; with -executor process only the input that does so fails, and with -journal FILE a run can be resumed", text)
}

// remedy completes what the harness said of its end.
func (p *plan) remedy(stopped string) string {
	if p.config.Journal == "" || !strings.Contains(stopped, "writing the ") {
		return stopped
	}
	return stopped + "; all results up to here are in the journal or will be made again: run the command once more with -resume"
}

// advice is what a class says of the executor. The pilot has the last word.
func advice(c class) executor.Recommendation {
	r := executor.Recommendation{Reason: c.Why}
	switch c.Class {
	case "io", "mixed", "coordination":
		r.Executor = executor.IO
	case "cpu":
		r.Executor = executor.CPU
	}
	return r
}
