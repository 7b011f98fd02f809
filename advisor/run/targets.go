package run

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/made"
)

// targets are the files of an outDir as targets: those that the same build of the
// function made of the same input are left as they are.
type targets struct {
	dir   *outDir
	maker string // all that files depend on but the input
	slots []target
	mask  uint64
}

// target is what is known of an input in flight.
type target struct {
	recipe made.Recipe
	kept   bool // its file is up to date
}

func newTargets(c *Config, dir *outDir, slots int) (*targets, error) {
	if !c.Make {
		return nil, nil
	}
	maker, err := makerOf(c)
	if err != nil {
		return nil, err
	}
	return &targets{dir: dir, maker: hex.EncodeToString(maker[:]), slots: make([]target, slots), mask: uint64(slots - 1)}, nil
}

// makerOf is the sum of all but the input that a result depends on.
func makerOf(c *Config) (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	for _, text := range append([]string{c.Function, codingText(c)}, c.Stages...) {
		fmt.Fprintf(h, "%d:%s", len(text), text)
	}
	err = made.Program(h)
	return [sha256.Size]byte(h.Sum(nil)), err
}

// recipe is what the file of an input is made of, as it is now.
func (t *targets) recipe(raw []byte) (made.Recipe, error) {
	input := made.Input{Name: "the input", Sum: made.SumText(raw)}
	if t.dir.paths {
		input.Name = string(raw)
		var err error
		if input.Sum, err = made.SumFile(input.Name); err != nil {
			return made.Recipe{}, err
		}
	}
	return made.Recipe{Maker: t.maker, Inputs: []made.Input{input}}, nil
}

// look says why the file of an input has to be made.
func (t *targets) look(raw []byte) (made.Reason, made.Recipe, error) {
	recipe, err := t.recipe(raw)
	if err != nil {
		return "", recipe, err
	}
	why, err := made.Look([]string{t.dir.path(raw)}, recipe)
	return why, recipe, err
}

// fresh reports whether the file of an input is up to date, and remembers what it
// is to be made of otherwise. What cannot be read is not: the run will say why.
func (t *targets) fresh(index uint64, raw []byte) bool {
	why, recipe, err := t.look(raw)
	kept := err == nil && why == made.Fresh
	t.slots[index&t.mask] = target{recipe, kept}
	return kept
}

// unchanged says if an input changed while its result was made: nobody knows of
// what it is.
func (t *targets) unchanged(index uint64, raw []byte) error {
	if !t.dir.paths {
		return nil
	}
	now, err := t.recipe(raw)
	if was := t.slots[index&t.mask].recipe; err == nil && (len(was.Inputs) == 0 || was.Inputs[0] != now.Inputs[0]) {
		err = errors.New("it changed while it was read; run once more")
	}
	return err
}

// write puts a result into its file, with what it was made of, and returns the
// path.
func (t *targets) write(index uint64, raw, result []byte) (path string, err error) {
	path = t.dir.path(raw)
	target := &t.slots[index&t.mask]
	if target.kept {
		return path, nil
	}
	held, err := made.Hold(context.Background(), []string{path}) // others have it no longer than we do
	if err != nil {
		return "", err
	}
	defer held.Release()
	// Another run may have made it meanwhile. It must not be made worse by one that
	// is killed here, between its record and its file.
	if why, err := held.Look(target.recipe); err != nil || why == made.Fresh {
		return path, err
	}
	if err := os.WriteFile(held.Temps()[0], result, 0o666); err != nil {
		return "", err
	}
	return path, held.Commit(target.recipe)
}

// upToDate takes an input whose file need not be made.
func (r *runner) upToDate(it *item) bool {
	if r.targets == nil || !r.targets.fresh(it.index, it.raw) {
		return false
	}
	r.fresh.Add(1)
	r.finish(it.index, it.raw, nil, r.output.files.claim(it.raw), 0, 0)
	return true
}

// plan writes, for each input, what is made of it by which functions, and whether
// it has to be.
func (r *runner) plan(inputs, results *os.File) error {
	c := &r.config
	c.fill()
	var err error
	if r.source, r.total, err = openSource(c, inputs); err != nil {
		return err
	}
	dir := &outDir{dir: c.OutDir, paths: c.Coding.Files, taken: make(map[string][16]byte)}
	t, err := newTargets(c, dir, 1)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(results, outputSize)
	items := make([]item, batch)
	for {
		n, err := r.source.read(items)
		if err != nil {
			return err
		}
		if n == 0 {
			return w.Flush()
		}
		for _, it := range items[:n] {
			if err := r.planOne(w, t, it); err != nil {
				return err
			}
		}
	}
}

func (r *runner) planOne(w io.Writer, t *targets, it item) error {
	r.done.Add(1)
	why, _, err := t.look(it.raw)
	for _, e := range []error{it.err, t.dir.claim(it.raw)} {
		if err == nil {
			err = e
		}
	}
	state := string(why)
	switch {
	case err != nil:
		r.failed.Add(1)
		state = "cannot be made: " + err.Error()
	case why == made.Fresh:
		r.fresh.Add(1)
		state = "up to date"
	}
	var names []string
	for _, stage := range r.config.Stages {
		names = append(names, stage[strings.LastIndexByte(stage, '/')+1:])
	}
	_, err = fmt.Fprintf(w, "%s → %s → %s: %s\n", it.raw, strings.Join(names, " → "), plainly(t.dir.path(it.raw)), state)
	return err
}

// plainly is a path as people would type it here.
func plainly(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// planned sends the last event of a plan.
func (r *runner) planned(err error) int {
	ev := Event{Event: "done", Elapsed: time.Since(r.start).Seconds(), Done: r.done.Load(), Failed: r.failed.Load(), Fresh: r.fresh.Load(), Report: &Report{}}
	status := exitDone
	if ev.Failed > 0 {
		status = exitFailures
	}
	if err != nil {
		ev.Report.Stopped, status = err.Error(), exitStopped
	}
	r.events.send(ev)
	return status
}
