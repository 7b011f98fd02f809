package run

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// cacheFiles are the results in dir, with their sizes.
func cacheFiles(t *testing.T, dir string) (paths []string, sum int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, _ := d.Info()
			paths = append(paths, path)
			sum += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths, sum
}

// TestCache holds when a result is taken from the cache and when it is not.
func TestCache(t *testing.T) {
	dir := t.TempDir()
	var in strings.Builder
	for i := range 300 {
		fmt.Fprintln(&in, "input", i%200)
	}
	base := Config{Stages: []string{"same"}, Function: "v1", Cache: dir}
	other, coded, staged := base, base, base
	other.Function, coded.Coding.Out, staged.Stages = "v2", JSON, []string{"same", "same"}
	for _, step := range []struct {
		name   string
		config Config
		in     string
		cached bool
	}{
		{"first", base, in.String(), false},
		{"again", base, in.String(), true},
		{"another function", other, in.String(), false},
		{"another coding", coded, in.String(), false},
		{"another pipeline", staged, in.String(), false},
		{"another input", base, "input\n", false},
		{"still there", base, in.String(), true},
	} {
		before := calls.Load()
		out, last, status := runOver(t, step.config, step.in)
		want := step.in
		if step.config.Coding.Out == JSON {
			want = jsonLines(step.in)
		}
		n := uint64(strings.Count(step.in, "\n"))
		if status != exitDone || out != want || last.Done != n {
			t.Fatalf("%s: status %d, %d results, %+v", step.name, status, strings.Count(out, "\n"), last)
		}
		if step.cached && (last.Cached != n || calls.Load() != before) {
			t.Errorf("%s: %d of %d from the cache, %d calls", step.name, last.Cached, n, calls.Load()-before)
		}
		if made := calls.Load() - before; !step.cached && made < int64(min(n, 200)) {
			t.Errorf("%s: %d calls for %d inputs", step.name, made, n)
		}
	}
}

func jsonLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		fmt.Fprintf(&b, "%q\n", strings.TrimSuffix(line, "\n"))
	}
	return b.String()
}

// TestCacheFailures holds that errors are not kept.
func TestCacheFailures(t *testing.T) {
	c := Config{Stages: []string{"odd"}, Coding: Coding{In: JSON}, Cache: t.TempDir()}
	for range 2 {
		if out, last, status := runOver(t, c, "3\n4\n13\n"); status != exitFailures || out != "9\n" || last.Failed != 2 {
			t.Errorf("status %d, %q, %+v", status, out, last)
		}
	}
	if files, _ := cacheFiles(t, c.Cache); len(files) != 1 {
		t.Errorf("%q", files)
	}
}

// TestCacheContents holds that of a file its content counts, not its name.
func TestCacheContents(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	c := Config{Stages: []string{"bytes"}, Coding: Coding{Files: true}, Cache: filepath.Join(dir, "cache")}
	for _, step := range []struct {
		content string
		cached  uint64
	}{{"one", 0}, {"one", 1}, {"two", 0}, {"one", 1}} {
		if err := os.WriteFile(file, []byte(step.content), 0o666); err != nil {
			t.Fatal(err)
		}
		out, last, status := runOver(t, c, file+"\n")
		if status != exitDone || out != strings.ToUpper(step.content)+"\n" || last.Cached != step.cached {
			t.Errorf("%s: status %d, %q, %d cached", step.content, status, out, last.Cached)
		}
	}
	k, err := newCache(&c, 1)
	if err != nil {
		t.Fatal(err)
	}
	k.get(0, []byte(file))
	if err := os.WriteFile(file, []byte("changed meanwhile"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := k.put(0, []byte(file), []byte("of either")); err != nil {
		t.Error(err)
	}
	if out, ok := k.get(0, []byte(file)); ok {
		t.Errorf("a file that changed while it was used has the result %q", out)
	}
}

// TestCacheFaults damages what is on the disk in every way that a crash, a full
// disk or a hand may; results are right all the same, and whole again afterwards.
func TestCacheFaults(t *testing.T) {
	dir := t.TempDir()
	var in strings.Builder
	for i := range 40 {
		fmt.Fprintln(&in, "input", i)
	}
	c := Config{Stages: []string{"same"}, Cache: dir}
	runOver(t, c, in.String())
	damage := []func(path, other string) error{
		func(path, _ string) error { return os.Truncate(path, 0) },
		func(path, _ string) error { return os.Truncate(path, 33) },
		func(path, _ string) error { return os.Remove(path) },
		func(path, other string) error { return os.Rename(other, path) },
		func(path, _ string) error {
			text, err := os.ReadFile(path)
			if err != nil || len(text) == 0 {
				return err
			}
			text[len(text)-1] ^= 1
			return os.WriteFile(path, text, 0o666)
		},
		func(path, _ string) error {
			return os.WriteFile(filepath.Join(filepath.Dir(path), "tmp1"), []byte("torn"), 0o666)
		},
	}
	for round := range 200 {
		files, _ := cacheFiles(t, dir)
		for i := range 3 {
			err := damage[(round+i)%len(damage)](files[(7*round+i)%len(files)], files[(7*round+i+11)%len(files)])
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		if out, last, status := runOver(t, c, in.String()); status != exitDone || out != in.String() {
			t.Fatalf("round %d: status %d, %+v\n%s", round, status, last, out)
		}
		if out, last, status := runOver(t, c, in.String()); status != exitDone || out != in.String() || last.Cached != 40 {
			t.Fatalf("round %d, again: status %d, %d cached\n%s", round, status, last.Cached, out)
		}
	}
}

// TestCacheShared lets several runs fill and trim one cache at the same time.
func TestCacheShared(t *testing.T) {
	dir := t.TempDir()
	var in strings.Builder
	for i := range 500 {
		fmt.Fprintln(&in, "input", i)
	}
	c := Config{Stages: []string{"same"}, Cache: dir, CacheSize: 4000}
	var runs sync.WaitGroup
	for range 4 {
		runs.Go(func() {
			if out, last, status := runOver(t, c, in.String()); status != exitDone || out != in.String() {
				t.Errorf("status %d, %+v: %s", status, last, last.Report.Stopped)
			}
		})
	}
	runs.Wait()
}

// TestCacheTrim holds the size, the age, and what is not the cache's.
func TestCacheTrim(t *testing.T) {
	dir := t.TempDir()
	stranger := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(stranger, []byte("keep"), 0o666); err != nil {
		t.Fatal(err)
	}
	c := Config{Stages: []string{"same"}, Cache: dir, CacheSize: 1000, CacheAge: time.Hour}
	var in strings.Builder
	for i := range 100 {
		fmt.Fprintln(&in, "input", i)
	}
	runOver(t, c, in.String())
	files, sum := cacheFiles(t, dir)
	if sum > 1000+4 || sum < 900 {
		t.Errorf("%d files, %d bytes", len(files), sum)
	}
	old := time.Now().Add(-2 * time.Hour)
	for _, path := range files {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	runOver(t, c, "other\n")
	files, _ = cacheFiles(t, dir)
	if _, err := os.Stat(stranger); err != nil || len(files) != 2 {
		t.Errorf("%v; left are %q", err, files)
	}
}
