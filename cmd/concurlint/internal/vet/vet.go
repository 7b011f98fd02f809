// Package vet runs the analyzers through the go command, which starts this very
// executable once per package and caches the results.
package vet

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// A Request says what to analyze.
type Request struct {
	Flags    []string           // for the analyzers
	Tests    bool               // test files count
	Patterns []string           // packages
	Progress func(packages int) // called as packages get ready; may be nil
}

// A Result is what the analyzers and the go command had to say.
type Result struct {
	Diagnostics []Diagnostic
	Problems    []finding.Problem
}

// ErrInterrupted is returned when the context ends the run.
var ErrInterrupted = errors.New("interrupted")

// Run analyzes the packages. Where the go command gives up because of a few
// packages that cannot be loaded, or stumbles over tests that nobody asked for,
// it is asked again for the rest. The error says that nothing could be run.
func Run(ctx context.Context, req Request) (*Result, error) {
	res, aborted, err := run(ctx, req, nil)
	if err != nil {
		return nil, err
	}
	if len(res.Problems) > 0 && (aborted || !req.Tests && fromTests(ctx, req, res.Problems)) {
		if res, err = retry(ctx, req, res); err != nil {
			return nil, err
		}
	}
	res.tidy()
	return res, res.narrow(ctx, req)
}

// tidy puts the problems in an order that does not depend on which process was
// first, each once: the go command tells them again for what imports the package.
func (r *Result) tidy() {
	slices.SortStableFunc(r.Problems, func(a, b finding.Problem) int {
		return cmp.Or(strings.Compare(a.Package, b.Package), strings.Compare(a.Message, b.Message))
	})
	r.Problems = slices.Compact(r.Problems)
}

// narrow drops what was said of packages that were not asked for: dependencies
// of the same module report as well, for the sake of the go command's cache.
func (r *Result) narrow(ctx context.Context, req Request) error {
	if len(r.Diagnostics) == 0 || wholeModule(req.Patterns) {
		return nil
	}
	pkgs, err := List(ctx, req.Patterns...)
	if errors.Is(err, ErrInterrupted) {
		return err
	}
	if err != nil {
		return nil // too much is better than too little
	}
	wanted := make(map[string]bool)
	for _, p := range pkgs {
		wanted[p.ImportPath], wanted[p.ImportPath+"_test"] = true, true
	}
	r.Diagnostics = slices.DeleteFunc(r.Diagnostics, func(d Diagnostic) bool { return !wanted[d.Package] })
	return nil
}

// wholeModule reports whether the patterns name all that the main module has.
func wholeModule(patterns []string) bool {
	if len(patterns) != 1 || patterns[0] != "./..." || os.Getenv("GOWORK") != "" && os.Getenv("GOWORK") != "off" {
		return false
	}
	dir := workdir()
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		return false
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

// run starts the go command once. It has aborted if it ended before the first
// package was analyzed.
func run(ctx context.Context, req Request, goFlags []string) (res *Result, aborted bool, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, false, fmt.Errorf("cannot find the concurlint executable: %v", err)
	}
	args := append([]string{"vet"}, goFlags...)
	args = append(args, "-vettool="+self, "-json")
	args = append(args, req.Flags...)
	args = append(args, req.Patterns...)

	// A go command before 1.26 prints the trees on stderr, so that one parser
	// reads both streams.
	out, log := &parser{progress: req.Progress}, &parser{progress: req.Progress}
	cmd := goCommand(ctx, args...)
	cmd.Stdout, cmd.Stderr = out, log
	failed := cmd.Run()
	if ctx.Err() != nil {
		return nil, false, ErrInterrupted
	}
	if failed != nil && cmd.ProcessState == nil {
		return nil, false, startError(failed)
	}

	trees := append(out.trees, log.trees...)
	res, err = merge(trees, append(out.lines, log.lines...))
	if err != nil {
		return nil, false, err
	}
	if failed != nil && len(res.Problems) == 0 {
		return nil, false, fmt.Errorf("go vet failed without saying why: %v", failed)
	}
	return res, failed != nil && len(trees) == 0, nil
}

// goCommand prepares a go command that ends with ctx: gently, because it has
// children of its own to end, and by force after a while.
func goCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Cancel = func() error {
		if cmd.Process.Signal(os.Interrupt) != nil {
			return cmd.Process.Kill() // a system without signals
		}
		return nil
	}
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

func startError(err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("no go command in PATH; install Go from https://go.dev/dl or add its bin directory to PATH")
	}
	return fmt.Errorf("cannot start the go command: %v", err)
}

// A parser splits what the go command prints into JSON trees and other lines.
type parser struct {
	progress func(int)
	rest     []byte // a line without its end
	tree     strings.Builder
	trees    []string
	lines    []string
}

// Write takes the next part of the output.
func (p *parser) Write(text []byte) (int, error) {
	p.rest = append(p.rest, text...)
	for {
		line, rest, ok := bytes.Cut(p.rest, []byte("\n"))
		if !ok {
			return len(text), nil
		}
		p.line(strings.TrimSuffix(string(line), "\r"))
		p.rest = rest
	}
}

func (p *parser) line(text string) {
	switch {
	case text == "{}":
		p.trees = append(p.trees, text)
	case p.tree.Len() > 0 || text == "{":
		p.tree.WriteString(text + "\n")
		if text != "}" {
			return
		}
		p.trees = append(p.trees, p.tree.String())
		p.tree.Reset()
	case text != "":
		p.lines = append(p.lines, text)
		return
	}
	if p.progress != nil {
		p.progress(len(p.trees))
	}
}
