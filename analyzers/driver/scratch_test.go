package driver

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestScratch types in a package for which alone the session is asked: of each text
// but the last nothing is left, and what was found of the packages above it is.
func TestScratch(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":   "module example.com/scratch\n\ngo 1.26\n",
		"low/a.go": "package low\n\nfunc F() int { return 0 }\n",
		"top/a.go": "package top\n\nimport \"example.com/scratch/low\"\n\nvar V = low.F()\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s := NewSession(&Config{Dir: dir, Patterns: []string{"./..."}, Version: "scratch", Cache: t.TempDir()})
	low := filepath.Join(dir, "low", "a.go")
	for i := range 5 {
		s.SetUnsaved(map[string][]byte{low: fmt.Appendf(nil, "package low\n\nfunc F() int { return %d }\n", i)})
		if i == 0 {
			if _, err := s.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if res, err := s.RunFor(t.Context(), []string{low}); err != nil || res == nil {
			t.Fatal(res, err)
		}
	}
	have := make(map[string]int)
	for id, entries := range s.scratch.kept {
		have[id] = len(entries)
	}
	if have["example.com/scratch/low"] != 1 || have["example.com/scratch/top"] != 1 || len(s.scratch.used) > 0 {
		t.Errorf("it holds %v, and %d packages wait to be swept", have, len(s.scratch.used))
	}
	if res, err := s.Run(t.Context()); err != nil || res.Stats.Packages != 2 || res.Stats.Analyzed != 0 {
		t.Errorf("after it was typed: %+v, %v", res, err)
	}
}
