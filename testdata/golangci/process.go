package main

import (
	"context"
	"go/format"
	"os"
	"slices"

	"github.com/golangci/golangci-lint/v2/internal/x/tools/diff"
	"github.com/golangci/golangci-lint/v2/pkg/result"
	"github.com/golangci/revgrep"
)

// The package of golangci-lint's processors imports all of its linters, too large a
// build. What two of them do is done here by the packages that they do it with; the
// test of the whole, in full, has the originals.

// fix applies the fixes, as --fix does, and returns the issues that have none.
func fix(issues []*result.Issue) (left []*result.Issue, err error) {
	edits := make(map[string][]diff.Edit)
	for _, x := range issues {
		if len(x.SuggestedFixes) == 0 {
			left = append(left, x)
		}
		for _, f := range x.SuggestedFixes {
			for _, e := range f.TextEdits { // in bytes from the file's start
				edits[x.FilePath()] = append(edits[x.FilePath()], diff.Edit{Start: int(e.Pos), End: int(e.End), New: string(e.NewText)})
			}
		}
	}
	for file, list := range edits {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		text, err = diff.ApplyBytes(text, list) // an error, if two of them overlap
		if err != nil {
			return nil, err
		}
		text, err = format.Source(text)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(file, text, 0o666); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// newSince leaves the issues in lines that changed since a git revision, as
// --new-from-rev does.
func newSince(rev string, issues []*result.Issue) ([]*result.Issue, error) {
	lines := revgrep.Checker{RevisionFrom: rev}
	if err := lines.Prepare(context.Background()); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(issues, func(x *result.Issue) bool {
		_, isNew := lines.IsNew(relative(x.FilePath()), x.Line())
		return !isNew
	}), nil
}
