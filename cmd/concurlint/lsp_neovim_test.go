package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNeovim has a real editor speak with the server. What it shows is what the
// protocol's tests want of it, so where there is no nvim nothing is lost but that
// somebody else understands it as well.
func TestNeovim(t *testing.T) {
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("no nvim in PATH")
	}
	script, err := filepath.Abs(filepath.Join(root, "testdata/editor/neovim.lua"))
	if err != nil {
		t.Fatal(err)
	}
	tool, err := exec.LookPath("concurlint")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range appFiles(strings.Replace(lockSource, "type cache", "//concurlint:ignore fanout nothing is started\ntype cache", 1)) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), nvim, "--clean", "--headless", "-S", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CONCURLINT="+tool, "GOFLAGS=", "GOPROXY=off", "HOME="+t.TempDir(), "XDG_CACHE_HOME="+t.TempDir(), "GOCACHE="+goCache(t))
	out, err := cmd.CombinedOutput()
	have := strings.TrimSpace(strings.ReplaceAll(string(out), "\r\n", "\n"))
	const want = `8:1-8:46 concurlint WARN: directive ignore fanout silences nothing, remove it
17:20-17:32 concurlint WARN: c.mu is held while fill waits on the network, so all who want the lock wait too
2 diagnostics
**concurlint**: class ` + "`io`" + `, cpu light
quickfix: Remove the directive
16:20-16:32 concurlint WARN: c.mu is held while fill waits on the network, so all who want the lock wait too
1 diagnostics
not saved:
0 diagnostics
16:20-16:32 concurlint WARN: c.mu is held while fill waits on the network, so all who want the lock wait too
1 diagnostics`
	if err != nil || have != want {
		t.Errorf("%v: have\n%s\nwant\n%s", err, have, want)
	}
}

func goCache(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
