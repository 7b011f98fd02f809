package main

import (
	"context"
	"strings"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/profile"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
)

// linked are the packages that the recorded programs consist of, by the word of the go
// command. It is nil where no program is known, and where a package cannot be loaded:
// then it is not known what that one imports.
func linked(ctx context.Context, lint *advisor.Lint, ev *profile.Evidence) map[string]bool {
	if len(lint.Findings) == 0 {
		return nil // nobody asks
	}
	mains, tested := advisor.Programs(lint, ev)
	if len(mains)+len(tested) == 0 {
		return nil
	}
	set := make(map[string]bool)
	for _, build := range []struct{ flags, packages []string }{
		{[]string{"-deps", "--"}, mains},
		{[]string{"-deps", "-test", "--"}, tested},
	} {
		if len(build.packages) == 0 {
			continue // the go command would take that for the package here
		}
		list, err := check.List(ctx, append(build.flags, build.packages...)...)
		if err != nil {
			return nil
		}
		for _, p := range list {
			if p.Error != nil {
				return nil
			}
			path, _, _ := strings.Cut(p.ImportPath, " ") // without the name of a test variant
			set[path] = true
		}
	}
	return set
}
