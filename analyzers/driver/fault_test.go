package driver_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/concurlint/concurlint/analyzers/driver"
)

// TestFaults checks that whatever happens to the cache costs time, never a
// finding.
func TestFaults(t *testing.T) {
	p := newProgram(t, 5, 5)
	for i, s := range p.packages {
		s.waits, s.locked = waits[i%len(waits)], true
		p.write(t, s.name+"/a.go", s.text())
	}
	want := said(t, run(t, configure(p.dir, "", "v")))
	for name, harm := range map[string]func(t *testing.T, cache string){
		"empty files": eachFile(func(t *testing.T, name string) { rewrite(t, name, nil) }),
		"truncated":   eachFile(func(t *testing.T, name string) { rewrite(t, name, read(t, name)[:len(read(t, name))/2]) }),
		"one bit":     eachFile(flip),
		"another's":   foreign,
		"half written": eachFile(func(t *testing.T, name string) {
			rewrite(t, filepath.Join(filepath.Dir(name), "new-123"), read(t, name)[:50])
		}),
		"from the future": eachFile(func(t *testing.T, name string) { touch(t, name, time.Now().Add(1000*time.Hour)) }),
		"ages old":        eachFile(func(t *testing.T, name string) { touch(t, name, time.Unix(0, 0)) }),
		"removed by half": func(t *testing.T, cache string) {
			n := 0
			eachFile(func(t *testing.T, name string) {
				if n++; n%2 == 0 {
					os.Remove(name)
				}
			})(t, cache)
		},
		"read-only": func(t *testing.T, cache string) {
			eachFile(func(t *testing.T, name string) { rewrite(t, name, nil) })(t, cache)
			lock(t, cache)
		},
	} {
		t.Run(name, func(t *testing.T) {
			cache := t.TempDir()
			run(t, configure(p.dir, cache, "v"))
			harm(t, cache)
			for range 2 {
				if have := said(t, run(t, configure(p.dir, cache, "v"))); have != want {
					t.Fatalf("have %s\nwant %s", have, want)
				}
			}
		})
	}
	t.Run("no directory", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "file")
		rewrite(t, name, nil)
		if have := said(t, run(t, configure(p.dir, filepath.Join(name, "cache"), "v"))); have != want {
			t.Fatalf("have %s\nwant %s", have, want)
		}
	})
	t.Run("several at once", func(t *testing.T) {
		cache := t.TempDir()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				res, err := driver.Run(context.Background(), configure(p.dir, cache, "v"))
				if err != nil {
					t.Error(err)
				} else if said(t, res) != want {
					t.Error("another result beside others")
				}
			})
		}
		wg.Wait()
	})
}

// TestInterrupted ends runs at many moments; what they leave in the cache must be
// right.
func TestInterrupted(t *testing.T) {
	p := newProgram(t, 6, 6)
	want := said(t, run(t, configure(p.dir, "", "v")))
	cache := t.TempDir()
	for after := 50 * time.Millisecond; after < time.Second; after *= 2 {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		if res, err := driver.Run(ctx, configure(p.dir, cache, "v")); err == nil && said(t, res) != want {
			t.Error("another result")
		}
		cancel()
	}
	if said(t, run(t, configure(p.dir, cache, "v"))) != want {
		t.Error("another result after interruptions")
	}
}

func TestCache(t *testing.T) {
	p, cache := newProgram(t, 7, 3), t.TempDir()
	other := filepath.Join(cache, "notes.txt")
	rewrite(t, other, []byte("not ours"))
	run(t, configure(p.dir, cache, "v"))
	if files, bytes := driver.CacheSize(cache); files == 0 || bytes == 0 {
		t.Errorf("%d files of %d bytes after a run", files, bytes)
	}
	if err := driver.CleanCache(cache); err != nil {
		t.Fatal(err)
	}
	if files, _ := driver.CacheSize(cache); files != 0 {
		t.Errorf("%d files after cleaning", files)
	}
	if string(read(t, other)) != "not ours" {
		t.Error("cleaning took what is not ours")
	}
}

// eachFile harms every file of the cache.
func eachFile(harm func(t *testing.T, name string)) func(*testing.T, string) {
	return func(t *testing.T, cache string) {
		for _, name := range files(t, cache) {
			harm(t, name)
		}
	}
}

func files(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// foreign puts each file in the place of the next.
func foreign(t *testing.T, cache string) {
	list := files(t, cache)
	first := read(t, list[0])
	for i := range list {
		text := first
		if i+1 < len(list) {
			text = read(t, list[i+1])
		}
		rewrite(t, list[i], text)
	}
}

func flip(t *testing.T, name string) {
	if text := read(t, name); len(text) > 0 {
		text[len(text)/2] ^= 4
		rewrite(t, name, text)
	}
}

// lock makes the cache read-only, for those whom that stops.
func lock(t *testing.T, cache string) {
	err := filepath.WalkDir(cache, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			t.Cleanup(func() { os.Chmod(name, 0o700) })
			return os.Chmod(name, 0o500)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func rewrite(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

func touch(t *testing.T, name string, at time.Time) {
	t.Helper()
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}
