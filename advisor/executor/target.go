package executor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/concurlint/concurlint/advisor/internal/made"
)

// Target is files that a function makes of others, as a rule of make or a task of
// Luigi. Paths that are outputs of one target and inputs of another say which is
// made first.
type Target struct {
	Outputs []string // at least one; each is made by one target alone
	Inputs  []string // all files that the outputs depend on
	Version string   // of Make and what it calls; empty: the sum of this program, so that each build makes all anew

	// Make writes out[i], which then becomes Outputs[i], at once and whole. Its
	// extension is that of the output.
	Make func(ctx context.Context, out []string) error
}

// Step is what a plan says of a target, or a build did about it.
type Step struct {
	Target
	After []int  // the steps whose outputs it takes
	Why   string // why it has to be made, or was: "missing", "a.txt has changed"; empty: it was up to date
}

// Plan returns what Build would do, in an order in which it can be done, and makes
// nothing. Its text is the graph:
//
//	steps, err := executor.Plan(targets)
//	fmt.Print(steps)
func Plan(targets []Target) (Steps, error) {
	steps, err := order(targets)
	if err != nil {
		return nil, err
	}
	for i := range steps {
		if err := steps[i].plan(steps); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// Build makes the targets that are not up to date, each after those whose outputs
// it takes, and returns what it did. A target is up to date when its outputs are
// those that the same version of Make wrote, of inputs with the same contents;
// times do not count, and so what comes out as it was has nothing made after it.
// The records lie in folders .made beside the outputs.
//
// The first error cancels the rest. Whatever ends a build, no output is half
// written, and the next build makes what is left. Of two processes that build one
// target, one makes it and the other waits.
func Build(ctx context.Context, targets []Target, o ...Options) (Steps, error) {
	steps, err := order(targets)
	if err != nil {
		return nil, err
	}
	options, err := only(o)
	if err != nil {
		return nil, err
	}
	options.Unordered = true
	return steps, steps.build(ctx, options)
}

func (s Steps) build(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(errStopped)
	ready := make(chan int, len(s))
	waits := make([]int, len(s)) // for so many others
	next := make([][]int, len(s))
	for i, step := range s {
		waits[i] = len(step.After)
		for _, a := range step.After {
			next[a] = append(next[a], i)
		}
		if waits[i] == 0 {
			ready <- i
		}
	}
	in := func(yield func(int) bool) {
		for range s {
			select {
			case i := <-ready:
				if !yield(i) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
	do := func(ctx context.Context, i int) (string, error) { return s[i].Target.build(ctx) }
	for r := range Stream(ctx, in, do, o) {
		if whole, ok := r.Err.(*RunError); ok {
			return whole.Err
		}
		if r.Err != nil {
			err := fmt.Errorf("%s: %w", s[r.In].Outputs[0], r.Err)
			cancel(err) // the input too, which waits for what is ready
			return err
		}
		s[r.In].Why = r.Value
		for _, n := range next[r.In] {
			if waits[n]--; waits[n] == 0 {
				ready <- n
			}
		}
	}
	return context.Cause(ctx)
}

// build makes the target if it has to be, and says why.
func (t *Target) build(ctx context.Context) (string, error) {
	recipe, err := t.recipe()
	if err != nil {
		return "", err
	}
	if why, err := made.Look(t.Outputs, recipe); why == made.Fresh || err != nil {
		return "", err
	}
	held, err := made.Hold(ctx, t.Outputs)
	if err != nil {
		return "", err
	}
	defer held.Release()
	if recipe, err = t.recipe(); err != nil {
		return "", err
	}
	why, err := held.Look(recipe) // another process may have made it meanwhile
	if why == made.Fresh || err != nil {
		return "", err
	}
	if err := t.Make(ctx, held.Temps()); err != nil {
		return "", err
	}
	now, err := t.recipe()
	if err != nil {
		return "", err
	}
	if !slices.Equal(now.Inputs, recipe.Inputs) {
		return "", errors.New("an input changed while it was read; build once more")
	}
	return string(why), held.Commit(recipe)
}

// recipe is what the outputs depend on, as it is now.
func (t *Target) recipe() (made.Recipe, error) {
	maker, err := t.maker()
	if err != nil {
		return made.Recipe{}, err
	}
	inputs, err := made.Files(t.Inputs)
	return made.Recipe{Maker: maker, Inputs: inputs}, err
}

func (t *Target) maker() (string, error) {
	if t.Version != "" {
		return "version " + t.Version, nil
	}
	return program()
}

// program is the sum of this program.
var program = sync.OnceValues(func() (string, error) {
	h := sha256.New()
	err := made.Program(h)
	return "program " + hex.EncodeToString(h.Sum(nil)), err
})

// plan says what would become of the step, after those before it.
func (s *Step) plan(all Steps) error {
	maker, err := s.maker()
	if err != nil {
		return err
	}
	recipe, gone := made.Recipe{Maker: maker}, ""
	for _, name := range s.Inputs {
		sum, err := made.SumFile(name)
		if err != nil && !(errors.Is(err, os.ErrNotExist) && all.makes(s.After, name)) {
			return err
		}
		if err != nil {
			gone = name
		}
		recipe.Inputs = append(recipe.Inputs, made.Input{Name: name, Sum: sum})
	}
	why, err := made.Look(s.Outputs, recipe)
	if err != nil {
		return err
	}
	s.Why = string(why)
	if gone != "" && why != made.Missing && why != made.NewMaker {
		s.Why = gone + " is missing"
	}
	for _, a := range s.After {
		if s.Why == "" && all[a].Why != "" {
			s.Why = "unless " + all[a].Outputs[0] + " comes out as it was"
		}
	}
	return nil
}

// makes reports whether one of these steps makes the file.
func (s Steps) makes(steps []int, name string) bool {
	return slices.ContainsFunc(steps, func(i int) bool {
		return slices.ContainsFunc(s[i].Outputs, func(out string) bool { return filepath.Clean(out) == filepath.Clean(name) })
	})
}
