package main

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// movable are declarations that may stand in any order and in any file. Some findings
// are told apart by their function, some by the line, and two by neither.
var movable = []string{
	"type store struct {\n\tmu sync.Mutex\n\tn  int\n}",
	"func (s *store) count() int {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\treturn s.n\n}",
	"func (s *store) load(url string) {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\tget(url)\n}",
	"func (s *store) twice(url string) {\n\ts.mu.Lock()\n\tget(url)\n\ts.mu.Unlock()\n\ts.mu.Lock()\n\tget(url)\n\ts.mu.Unlock()\n}",
	"func (s *store) both(a, b string) {\n\ts.mu.Lock()\n\tget(a)\n\ts.mu.Unlock()\n\ts.mu.Lock()\n\tget(b)\n\ts.mu.Unlock()\n}",
	"func get(url string) {\n\tresp, err := http.Get(url)\n\tif err == nil {\n\t\tresp.Body.Close()\n\t}\n}",
	"func quiet() {\n\t//concurlint:ignore lockio nothing is held\n\tfmt.Println()\n}",
	"func (s *store) within(urls []string) {\n\tgo func() {\n\t\ts.mu.Lock()\n\t\tdefer s.mu.Unlock()\n\t\tget(urls[0])\n\t}()\n}",
}

// A shuffle is a package whose declarations move.
type shuffle struct {
	dir   string
	rand  *rand.Rand
	count int
	files map[string][]string // declarations by file
}

func (s *shuffle) anyFile() string {
	names := slices.Sorted(maps.Keys(s.files))
	return names[s.rand.IntN(len(names))]
}

// move makes an edit that changes no function, and says which.
func (s *shuffle) move() string {
	s.count++
	from := s.anyFile()
	decls := s.files[from]
	switch s.rand.IntN(5) {
	case 0:
		to := fmt.Sprintf("renamed%d.go", s.count)
		s.files[to] = decls
		delete(s.files, from)
		return from + " renamed to " + to
	case 1:
		s.rand.Shuffle(len(decls), func(i, j int) { decls[i], decls[j] = decls[j], decls[i] })
		return "another order in " + from
	case 2:
		to := s.anyFile()
		if s.rand.IntN(3) == 0 {
			to = fmt.Sprintf("new%d.go", s.count)
		}
		i := s.rand.IntN(len(decls))
		d := decls[i]
		s.files[from] = slices.Delete(decls, i, i+1)
		s.files[to] = append(s.files[to], d)
		if len(s.files[from]) == 0 {
			delete(s.files, from)
		}
		return "a declaration moved from " + from + " to " + to
	case 3:
		i := s.rand.IntN(len(decls))
		decls[i] = strings.Repeat("\n", s.rand.IntN(3)) + fmt.Sprintf("// Comment %d.\n\n", s.count) + decls[i]
		return "lines moved in " + from
	default:
		s.files[from] = slices.Insert(decls, s.rand.IntN(len(decls)+1), fmt.Sprintf("func added%d() {}", s.count))
		return "a function added to " + from
	}
}

// write puts the files on the disk and others away.
func (s *shuffle) write(t *testing.T) {
	t.Helper()
	old, err := filepath.Glob(filepath.Join(s.dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, decls := range s.files {
		body := strings.Join(decls, "\n\n")
		text := "package app\n\n"
		for use, path := range map[string]string{"fmt.": "fmt", "http.": "net/http", "sync.": "sync"} {
			if strings.Contains(body, use) {
				text += fmt.Sprintf("import %q\n", path)
			}
		}
		write(t, filepath.Join(s.dir, name), text+"\n"+body+"\n")
	}
}

// TestBaselineMoves makes a hundred random edits that only move, rename or reorder:
// nothing becomes new, and nothing of the baseline is gone.
func TestBaselineMoves(t *testing.T) {
	t.Setenv("CONCURLINT_CACHE", t.TempDir())
	t.Setenv("GOFLAGS", "")
	s := &shuffle{dir: t.TempDir(), rand: rand.New(rand.NewPCG(*seed, 3)), files: map[string][]string{"a.go": slices.Clone(movable[:4]), "b.go": slices.Clone(movable[4:])}}
	write(t, filepath.Join(s.dir, "go.mod"), "module example.com/app\n\ngo 1.26\n")
	s.write(t)
	t.Chdir(s.dir)
	said := func(args ...string) (status int, said string) {
		var out bytes.Buffer
		status = run(t.Context(), append(args, "-severity=note", "-fail-on=note"), &out, &out)
		return status, out.String()
	}
	_, known := said("-write-baseline=base.json")
	if !strings.Contains(known, "findings written: 7\n") {
		t.Fatalf("there must be seven findings: %s", known)
	}
	var history []string
	for range 100 {
		history = append(history, s.move())
		s.write(t)
		if status, out := said("-baseline=base.json"); status != exitClean || out != "no findings; 7 known\n" {
			t.Fatalf("seed %d, after %s: status %d, %s", *seed, strings.Join(history, ", "), status, out)
		}
	}
	last := s.anyFile()
	s.files[last] = append(s.files[last], strings.Replace(movable[2], "load", "again", 1))
	s.write(t)
	if status, out := said("-baseline=base.json"); status != exitFindings || !strings.Contains(out, "1 finding (") {
		t.Errorf("one more is not seen: status %d, %s", status, out)
	}
}
