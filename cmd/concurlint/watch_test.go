//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

const (
	cleanSource  = "package app\n\nfunc Save() {}\n"
	badSource    = "package app\n\n//concurlint:ignore lockio no lock here\nfunc Save() {}\n"
	movedSource  = "// Package app saves.\npackage app\n\n//concurlint:ignore lockio no lock here\nfunc Save() {}\n"
	brokenSource = "package app\n\n//concurlint:ignore lockio no lock here\nfunc Save() {\n"
)

// A watching is a "concurlint watch" that runs, with what it says.
type watching struct {
	t              *testing.T
	dir            string
	cmd            *exec.Cmd
	stdout, stderr *bufio.Reader
}

func startWatch(t *testing.T, args ...string) *watching {
	t.Helper()
	w := &watching{t: t, dir: t.TempDir()}
	w.save("go.mod", "module example.com/app\n\ngo 1.26\n")
	w.save("app.go", cleanSource)
	w.cmd = exec.CommandContext(t.Context(), "concurlint", append([]string{"watch"}, args...)...)
	w.cmd.Dir = w.dir
	w.cmd.Env = append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "XDG_CACHE_HOME="+t.TempDir())
	pipe := func(p io.ReadCloser, err error) *bufio.Reader {
		if err != nil {
			t.Fatal(err)
		}
		return bufio.NewReader(p)
	}
	w.stdout, w.stderr = pipe(w.cmd.StdoutPipe()), pipe(w.cmd.StderrPipe())
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return w
}

// save writes a file as editors do: beside the old one, then in its place.
func (w *watching) save(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path+"~", []byte(text), 0o666); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		w.t.Fatal(err)
	}
}

// want reads lines until one matches; what else is said before it must not match
// the other expression, if there is one.
func (w *watching) want(r *bufio.Reader, expr, not string) {
	w.t.Helper()
	for said := ""; ; {
		line, err := r.ReadString('\n')
		said += line
		line = strings.TrimSuffix(line, "\n")
		switch {
		case regexp.MustCompile(expr).MatchString(line):
			return
		case err != nil || not != "" && regexp.MustCompile(not).MatchString(line):
			w.t.Fatalf("want %s, have\n%s", expr, said)
		}
	}
}

func (w *watching) end(signal os.Signal, status int) {
	w.t.Helper()
	if err := w.cmd.Process.Signal(signal); err != nil {
		w.t.Fatal(err)
	}
	rest, _ := io.ReadAll(w.stdout)
	said, _ := io.ReadAll(w.stderr)
	var exit *exec.ExitError
	if err := w.cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != status {
		w.t.Errorf("got %v, want exit status %d", err, status)
	}
	if len(rest)+len(said) > 0 {
		w.t.Errorf("it had more to say:\n%s%s", rest, said)
	}
}

// TestWatch saves files and waits for what the command says.
func TestWatch(t *testing.T) {
	w := startWatch(t)
	w.want(w.stdout, `^no findings \(\d+\.\d\ds\)$`, ".")
	w.want(w.stderr, `^concurlint: waiting for edits; Ctrl-C ends$`, ".")

	w.save("app.go", badSource)
	w.want(w.stdout, `^\+ app\.go:3:1: warning: contract: `, ".")
	w.want(w.stdout, `^1 new: 1 finding \(1 warning\) in 1 package \(\d+\.\d\ds\)$`, "^[+-]")
	w.save("app.go", movedSource)
	w.want(w.stdout, `^no change: 1 finding `, ".")

	w.save("app.go", brokenSource)
	w.want(w.stderr, `^concurlint: package example\.com/app does not compile: app\.go:4:15: `, ".")
	w.want(w.stdout, `^no change: 1 finding .* in what could be checked `, ".")
	w.save("app.go", cleanSource)
	w.want(w.stdout, `^- app\.go:4:1: warning: contract: `, ".")
	w.want(w.stdout, `^1 gone: no findings \(`, ".")

	w.save("new/deep/deep.go", strings.Replace(badSource, "app", "deep", 1))
	w.want(w.stdout, `^\+ new/deep/deep\.go:3:1: `, "^-")
	w.want(w.stdout, `^1 new: `, "^[+-]")
	if err := os.RemoveAll(filepath.Join(w.dir, "new")); err != nil {
		t.Fatal(err)
	}
	w.want(w.stdout, `^- new/deep/deep\.go:3:1: `, `^\+`)
	w.want(w.stdout, `^1 gone: no findings `, "^[+-]")

	w.save("go.mod", "modul\n")
	w.want(w.stderr, `^concurlint: .*unknown directive: modul`, "does not compile")
	w.want(w.stdout, `^no change: `, "^[+-]")
	w.save("go.mod", "module example.com/app\n\ngo 1.26\n")
	w.want(w.stdout, `^no change: no findings \(`, "^[+-]")
	w.end(os.Interrupt, exitInterrupted)
}

func TestWatchJSON(t *testing.T) {
	t.Setenv("CONCURLINT_CACHE", "off")
	t.Setenv("TMPDIR", t.TempDir())
	w := startWatch(t, "-format", "json", "-disable", "all", "-enable", "contract")
	read := func() (added, removed int) {
		t.Helper()
		line, err := w.stdout.ReadBytes('\n')
		var change struct {
			Version        int
			Added, Removed []json.RawMessage
			Errors         []finding.Problem
		}
		if err := errors.Join(err, json.Unmarshal(line, &change)); err != nil || change.Version != 1 || change.Errors == nil {
			t.Fatalf("%v: %s", err, line)
		}
		return len(change.Added), len(change.Removed)
	}
	for i, step := range []struct {
		text           string
		added, removed int
	}{{cleanSource, 0, 0}, {badSource, 1, 0}, {cleanSource, 0, 1}} {
		if i > 0 {
			w.save("app.go", step.text)
		}
		if added, removed := read(); added != step.added || removed != step.removed {
			t.Errorf("step %d: %d added, %d removed; want %d and %d", i, added, removed, step.added, step.removed)
		}
		if i == 0 {
			w.want(w.stderr, "waiting for edits", "")
		}
	}
	w.end(syscall.SIGTERM, exitTerminated)
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "concurlint-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWatchNothing(t *testing.T) {
	cmd := exec.Command("concurlint", "watch", "./...")
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitFailed || bytes.Count(out, []byte("\n")) != 1 || !bytes.Contains(out, []byte("; run concurlint inside a module")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestWatchError holds the one line that says how to go on where too much would
// have to be watched.
func TestWatchError(t *testing.T) {
	err := watchError(&os.PathError{Op: "inotify_add_watch", Path: "store", Err: syscall.ENOSPC}, 9000)
	if want := "9000 here; raise the limit with sysctl fs.inotify.max_user_watches"; !strings.Contains(err.Error(), want) {
		t.Errorf("have %v, want %s", err, want)
	}
}

// TestWatchEdits makes random edits and adds up the changes that are printed:
// the sum must be what the plain command finds.
func TestWatchEdits(t *testing.T) {
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOPROXY", "off")
	t.Setenv("CONCURLINT_CACHE", t.TempDir())
	dir := t.TempDir()
	t.Chdir(dir)
	random := rand.New(rand.NewPCG(1, 1))
	names := []string{"a", "b", "c"}
	texts := []string{cleanSource, badSource, movedSource, brokenSource, badSource + strings.ReplaceAll(badSource[len("package app\n"):], "Save", "Load"), ""}
	edit := func(name string) {
		file := filepath.Join(name, name+".go")
		text := strings.Replace(texts[random.IntN(len(texts))], "package app", "package "+name, 1)
		if text == "" {
			os.Remove(file)
			return
		}
		if err := errors.Join(os.MkdirAll(name, 0o777), os.WriteFile(file, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("go.mod", []byte("module example.com/app\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		edit(name)
	}
	_, opts, err := parse([]string{"watch", "-format", "json"})
	if err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	w := &watch{stdout: &stdout, stderr: io.Discard}
	if w.resident, err = newResident(opts, analyzers.All(), nil); err != nil {
		t.Fatal(err)
	}
	defer w.session.Close()
	sum := make(map[string]bool)
	found := 0
	for i := range 40 {
		if err := w.round(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		addUp(t, sum, &stdout)
		have, want := wanted(t, opts, w, sum)
		if !slices.Equal(have, want) {
			t.Fatalf("round %d: the changes add up to %q, the plain command has %q", i, have, want)
		}
		found += len(want)
		edit(names[random.IntN(len(names))])
	}
	if found == 0 {
		t.Error("nothing was found, so nothing was compared")
	}
}

// addUp applies the changes to the sum.
func addUp(t *testing.T, sum map[string]bool, r io.Reader) {
	t.Helper()
	for dec := json.NewDecoder(r); dec.More(); {
		var change struct{ Added, Removed []finding.Finding }
		if err := dec.Decode(&change); err != nil {
			t.Fatal(err)
		}
		for _, f := range change.Removed {
			if !sum[f.Package+" "+f.Fingerprint] {
				t.Errorf("removed, but never added: %v", f)
			}
			delete(sum, f.Package+" "+f.Fingerprint)
		}
		for _, f := range change.Added {
			sum[f.Package+" "+f.Fingerprint] = true
		}
	}
}

// wanted returns what is compared: the findings of the packages that compile.
func wanted(t *testing.T, opts *options, w *watch, sum map[string]bool) (have, want []string) {
	t.Helper()
	res, err := check.Run(t.Context(), request(opts, analyzers.All(), []string{"./..."}, nil))
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := findings(res.Diagnostics, w.on)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if !slices.Contains(res.Incomplete, f.Package) {
			want = append(want, f.Package+" "+f.Fingerprint)
		}
	}
	for f := range sum {
		if pkg, _, _ := strings.Cut(f, " "); !res.Unchecked[pkg] && !res.Nothing && !slices.Contains(res.Incomplete, pkg) {
			have = append(have, f)
		}
	}
	slices.Sort(have)
	slices.Sort(want)
	return have, want
}
