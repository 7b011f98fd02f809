package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/baseline"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// sinceRevision takes out of the report what a git revision had already. That
// revision is checked as a whole, in a copy: a finding is new because it was not
// there, whether or not its own lines have changed.
func sinceRevision(ctx context.Context, opts *options, rep *finding.Report, stderr io.Writer) error {
	dir, err := os.MkdirTemp("", "concurlint-revision-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	below, err := checkOut(ctx, opts.newFrom, dir)
	if err != nil {
		return err
	}
	old := &finding.Report{}
	if then := filepath.Join(dir, tree, below); isDirectory(then) { // or nothing was there to be found
		if old, err = findingsIn(ctx, opts, then); err != nil {
			return err
		}
	}
	for _, e := range old.Errors {
		fmt.Fprintf(stderr, "concurlint: at %s (-new-from): %s\n", opts.newFrom, e.Message)
	}
	b := &baseline.Baseline{}
	for _, f := range old.Findings {
		b.Findings = append(b.Findings, baseline.Entry{Fingerprint: f.Fingerprint})
	}
	var known []finding.Finding
	rep.Findings, known = b.Split(rep.Findings)
	rep.Known = len(known)
	rep.Silenced = append(rep.Silenced, finding.Silenced(known, finding.ByRevision, "there already at "+opts.newFrom)...)
	return nil
}

func isDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// checkOut writes the files of a revision below dir as a checkout has them, where an
// archive would leave out some, and returns the path from the repository's root to
// the working directory.
func checkOut(ctx context.Context, revision, dir string) (below string, err error) {
	root, err := git(ctx, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		return "", fmt.Errorf("-new-from %s needs a git repository: %v", revision, err)
	}
	prefix, err := git(ctx, nil, "rev-parse", "--show-prefix")
	if err != nil {
		return "", fmt.Errorf("-new-from %s: %v", revision, err)
	}
	commit, err := git(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("-new-from %s is no commit that this clone has%s", revision, shallow(ctx))
	}
	index := "GIT_INDEX_FILE=" + filepath.Join(dir, "index") // that of the user stays as it is
	for _, args := range [][]string{
		{"-C", line(root), "read-tree", line(commit)},
		{"-C", line(root), "checkout-index", "--all", "--prefix=" + filepath.ToSlash(filepath.Join(dir, tree)) + "/"},
	} {
		if _, err := git(ctx, []string{index}, args...); err != nil {
			return "", fmt.Errorf("-new-from %s cannot be written to %s: %w", revision, dir, err)
		}
	}
	return filepath.FromSlash(line(prefix)), nil
}

// tree is the directory of a revision's files, beside git's index of them.
const tree = "tree"

// shallow is a remedy for a clone that was cut off.
func shallow(ctx context.Context) string {
	if out, err := git(ctx, nil, "rev-parse", "--is-shallow-repository"); err == nil && line(out) == "true" {
		return ": it is shallow; git fetch --unshallow gets the rest, in a workflow fetch-depth: 0"
	}
	return "; git log lists those that it has"
}

func git(ctx context.Context, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && stderr.Len() > 0 {
		return nil, errors.New(line(stderr.Bytes()))
	}
	return out, err
}

// line is the first line of what git says.
func line(out []byte) string {
	first, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return first
}

// findingsIn runs this command over the same packages in another directory, in a
// process of its own: the analyzers' flags and the go command's directory belong
// to a process.
func findingsIn(ctx context.Context, opts *options, dir string) (*finding.Report, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{"-C", dir, "-format=json", "-severity=note", "-fail-on=error", "-config=" + noConfig,
		fmt.Sprintf("-tests=%t", opts.tests), fmt.Sprintf("-confidence=%v", opts.confidence)}
	for name, value := range map[string]string{"enable": opts.enable, "disable": opts.disable, "knowledge": opts.knowledge} {
		if value != "" {
			args = append(args, "-"+name+"="+value)
		}
	}
	cmd := exec.CommandContext(ctx, self, append(append(args, "--"), opts.packages()...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	if ctx.Err() != nil {
		return nil, check.ErrInterrupted
	}
	rep := &finding.Report{}
	if json.Unmarshal(stdout.Bytes(), rep) != nil {
		return nil, fmt.Errorf("-new-from %s: that state cannot be checked: %v: %s", opts.newFrom, err, line(stderr.Bytes()))
	}
	return rep, nil
}
