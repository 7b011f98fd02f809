package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A tool is one command under measurement.
type tool struct {
	name   string
	peer   bool // takes the runs of -peer-runs
	args   []string
	caches map[string]string // variable of the environment to the folder of results

	// renew makes the go command believe that the tool has never run; vettools
	// keep their results in the build cache, keyed by the tool's identity.
	renew func() error
}

// build compiles concurlint and the vettool that does nothing, and looks for
// the peers.
func build(work string) ([]*tool, error) {
	for _, name := range []string{"cmd/concurlint", "testdata/bench/floor"} {
		cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", filepath.Join(work, filepath.Base(name)+".bin"), "./"+name)
		cmd.Dir, cmd.Env = sourceRoot(), append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s: %v\n%s", name, err, out)
		}
	}
	tools := []*tool{
		vet(),
		{name: "concurlint", args: []string{filepath.Join(work, "concurlint.bin"), *packages}, caches: map[string]string{"CONCURLINT_CACHE": filepath.Join(work, "results")}},
		vettool(work, "concurlint"),
		vettool(work, "floor"),
		{name: "go list -deps", args: []string{"go", "list", "-deps", *packages}},
	}
	for _, t := range []*tool{
		{name: "staticcheck", args: []string{"staticcheck", *packages}, caches: map[string]string{"STATICCHECK_CACHE": filepath.Join(work, "staticcheck")}},
		{name: "golangci-lint", args: []string{"golangci-lint", "run", "--no-config", "--allow-parallel-runners", *packages}, caches: map[string]string{"GOLANGCI_LINT_CACHE": filepath.Join(work, "golangci")}},
	} {
		if _, err := exec.LookPath(t.name); err == nil {
			t.peer = true
			tools = append(tools, t)
		}
	}
	for _, a := range also {
		name, command, _ := strings.Cut(a, "=")
		tools = append(tools, &tool{name: name, args: strings.Fields(command)})
	}
	for _, t := range tools {
		if t.renew == nil {
			continue
		}
		if err := t.renew(); err != nil {
			return nil, err
		}
	}
	skipped := strings.Split(*skip, ",")
	return slices.DeleteFunc(tools, func(t *tool) bool { return slices.Contains(skipped, t.name) }), nil
}

// sourceRoot is the module that this file belongs to: go run knows no other way
// to it from an arbitrary working folder.
func sourceRoot() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "../../..")
}

// vet is go vet. Its tool prints a release instead of a hash, so bytes appended
// to it change nothing; the value of a flag is part of the key.
func vet() *tool {
	t := &tool{name: "go vet", args: []string{"go", "vet", "", *packages}}
	t.renew = func() error {
		t.args[2] = fmt.Sprintf("-printf.funcs=nosuch%d", time.Now().UnixNano())
		return nil
	}
	return t
}

// vettool is the built tool under go vet. Random bytes at its end make it new.
func vettool(work, name string) *tool {
	path := filepath.Join(work, name+".vettool")
	t := &tool{name: "vettool " + name, args: []string{"go", "vet", "-vettool=" + path, *packages}}
	// Not in one piece: what this process held before it starts another one
	// counts as that one's peak.
	t.renew = func() error {
		from, err := os.Open(filepath.Join(work, name+".bin"))
		if err != nil {
			return err
		}
		defer from.Close()
		to, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
		if err != nil {
			return err
		}
		_, err = io.Copy(to, io.MultiReader(from, strings.NewReader(rand.Text())))
		return errors.Join(err, to.Close())
	}
	return t
}

// forget removes the results of earlier runs.
func (t *tool) forget(b *bench) error {
	for _, folder := range t.caches {
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	if t.renew == nil {
		return nil
	}
	return t.renew()
}

// A cost is what one run took.
type cost struct {
	wall, cpu float64 // seconds; CPU of all processes that were waited for
	peak      float64 // MiB of the largest process
}

// run runs the tool once. What it finds, and the status that says so, is of no
// interest here; that it could not start is.
func (t *tool) run(b *bench) (cost, error) {
	cmd := exec.Command(t.args[0], t.args[1:]...)
	cmd.Dir, cmd.Env = b.dir, append(os.Environ(), "PWD="+b.dir)
	if b.gocache != "" {
		cmd.Env = append(cmd.Env, "GOCACHE="+b.gocache)
	}
	for name, folder := range t.caches {
		cmd.Env = append(cmd.Env, name+"="+folder)
	}
	began := time.Now()
	err := cmd.Run()
	c := cost{wall: time.Since(began).Seconds()}
	if cmd.ProcessState == nil {
		return c, fmt.Errorf("%s: %v", t.name, err)
	}
	c.cpu = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peak = float64(usage.Maxrss) / 1024
	}
	return c, nil
}
