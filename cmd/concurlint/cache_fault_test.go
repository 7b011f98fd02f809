//go:build linux

package main

import (
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// What may happen to a cache while the command runs, each to processes of its
// own. What may have happened before is the driver's TestFaults.

var kills = flag.Int("kills", 10, "how often TestKilled ends a run that writes its cache")

// faulty is a module with own packages, vendored ones and some of the standard
// library, so that entries of every sort are written.
const faulty = "../../testdata/same/vendor.txtar"

// lintCommand runs the command over the module in dir.
func lintCommand(dir, cache string) *exec.Cmd {
	cmd := exec.Command("concurlint", "-format", "json", "-severity", "note")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "CONCURLINT_CACHE="+cache)
	return cmd
}

// findingsOf are what the command prints; of anything else than findings to
// print the test fails.
func findingsOf(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, _ := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); code != exitFindings || stderr.Len() > 0 {
		t.Fatalf("exit status %d, and on standard error %q", code, stderr.String())
	}
	return string(out)
}

func TestKilled(t *testing.T) {
	dir, cache := extract(t, faulty), t.TempDir()
	start := time.Now()
	want := findingsOf(t, lintCommand(dir, cache))
	whole := time.Since(start)
	for range *kills {
		loseSome(t, cache) // so that there is something to write
		cmd := lintCommand(dir, cache)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(whole))
		cmd.Process.Kill()
		cmd.Wait()
		if have := findingsOf(t, lintCommand(dir, cache)); have != want {
			t.Fatalf("killed within %v, the next run%s", whole, difference(have, want))
		}
	}
}

// loseSome removes entries at random.
func loseSome(t *testing.T, cache string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(cache, "??", "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("the cache is empty: %v", err)
	}
	share := rand.IntN(4)
	for _, name := range names {
		if rand.IntN(4) < share {
			os.Remove(name)
		}
	}
}

func TestTogether(t *testing.T) {
	dir, cache := extract(t, faulty), t.TempDir()
	want := findingsOf(t, lintCommand(dir, "off"))
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if out, _ := lintCommand(dir, cache).Output(); string(out) != want {
				t.Errorf("beside others a run%s", difference(string(out), want))
			}
		})
	}
	wg.Wait()
}

// TestUnwritable runs the command twice where nothing, or not enough, can be
// written.
func TestUnwritable(t *testing.T) {
	if err := exec.Command("unshare", "-rm", "true").Run(); err != nil {
		t.Skip("no file systems of our own: ", err)
	}
	dir := extract(t, faulty)
	want := findingsOf(t, lintCommand(dir, "off"))
	modules, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, prepare string }{
		{"little space", `mount -t tmpfs -o size=256k none "$CACHE"`},
		{"no space", `mount -t tmpfs -o size=4k none "$CACHE"`},
		{"no files left", `mount -t tmpfs -o nr_inodes=20 none "$CACHE"`},
		{"read-only", `mount -t tmpfs -o ro none "$CACHE"`},
		{"read-only module cache", `mount --bind "$MODULES" "$MODULES" && mount -o remount,bind,ro "$MODULES"`},
		{"small files only", `ulimit -f 8`},
	} {
		t.Run(test.name, func(t *testing.T) {
			cache := t.TempDir()
			cmd := lintCommand(dir, cache)
			script := test.prepare + ` || exit 99; "$@"; exec "$@"`
			inner := exec.Command("unshare", append([]string{"-rm", "sh", "-c", script, "sh"}, cmd.Args...)...)
			inner.Dir = dir
			inner.Env = append(cmd.Env, "CACHE="+cache, "MODULES="+strings.TrimSpace(string(modules)))
			if have := findingsOf(t, inner); have != want+want {
				t.Errorf("the runs%s", difference(have, want))
			}
		})
	}
}
