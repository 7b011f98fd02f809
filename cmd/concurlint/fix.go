package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/aymanbagabas/go-udiff"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// applyFixes does what -fix and -diff ask for with the findings that are shown: each
// fix whole or not at all. Those that were applied are gone from the report.
func applyFixes(opts *options, rep *finding.Report, stdout, stderr io.Writer) error {
	var edits []finding.Edit
	var left []finding.Finding
	fixed := 0
	for _, f := range rep.Findings {
		if len(f.Fixes) == 0 || overlaps(edits, f.Fixes[0].Edits) {
			left = append(left, f)
			continue
		}
		edits = append(edits, f.Fixes[0].Edits...)
		fixed++
	}
	files := byFile(edits)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := fixFile(opts, name, files[name], stdout); err != nil {
			return err
		}
	}
	if opts.diff {
		return nil
	}
	rep.Findings = left
	if fixed > 0 {
		fmt.Fprintf(stderr, "concurlint: findings fixed: %d, files changed: %d\n", fixed, len(files))
	}
	return nil
}

// overlaps reports whether some of the edits replace bytes that others replace. An
// insertion conflicts with what it touches, too: their order would be a guess.
func overlaps(others, edits []finding.Edit) bool {
	return slices.ContainsFunc(edits, func(e finding.Edit) bool {
		return slices.ContainsFunc(others, func(o finding.Edit) bool {
			inserts := e.Start == e.End || o.Start == o.End
			return o.File == e.File && (o.Start < e.End && e.Start < o.End || inserts && o.Start <= e.End && e.Start <= o.End)
		})
	})
}

func byFile(edits []finding.Edit) map[string][]udiff.Edit {
	files := make(map[string][]udiff.Edit)
	for _, e := range edits {
		files[e.File] = append(files[e.File], udiff.Edit{Start: e.Start, End: e.End, New: e.New})
	}
	for _, list := range files {
		slices.SortStableFunc(list, func(a, b udiff.Edit) int { return cmp.Compare(a.Start, b.Start) })
	}
	return files
}

// fixFile writes a file with the edits, or prints what they would change.
func fixFile(opts *options, name string, edits []udiff.Edit, stdout io.Writer) error {
	old, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("cannot fix %s: %v", name, cause.Of(err))
	}
	text, err := edited(string(old), edits)
	if err != nil {
		return fmt.Errorf("cannot fix %s, which has changed since it was read: %v", name, err)
	}
	if opts.diff {
		_, err := io.WriteString(stdout, udiff.Unified("a/"+name, "b/"+name, string(old), text))
		return err
	}
	if bytes.Equal(old, []byte(text)) {
		return nil
	}
	st, err := os.Stat(name)
	if err == nil {
		err = replace(name, []byte(text))
	}
	if err == nil {
		err = os.Chmod(name, st.Mode().Perm())
	}
	if err != nil {
		return fmt.Errorf("cannot write %s (-fix): %v", name, cause.Of(err))
	}
	return nil
}

// edited is the text of a file with the edits. Where gofmt had nothing to say of it
// before it has nothing to say afterwards: the lines beside an edit may stand in columns
// with it.
func edited(old string, edits []udiff.Edit) (string, error) {
	text, err := udiff.Apply(old, edits)
	if err != nil {
		return "", err
	}
	if same, err := format.Source([]byte(old)); err != nil || string(same) != old {
		return text, nil
	}
	if now, err := format.Source([]byte(text)); err == nil {
		text = string(now)
	}
	return text, nil
}

// fixable reports whether a finding that is shown has a fix.
func fixable(rep *finding.Report) bool {
	return slices.ContainsFunc(rep.Findings, func(f finding.Finding) bool { return len(f.Fixes) > 0 })
}
