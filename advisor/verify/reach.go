package verify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/bench"
	"github.com/concurlint/concurlint/advisor/edit"
)

// keepReaching keeps of both programs the benchmarks that come to the site: in a sum
// with what the edit does not touch, its effect would be lost. It returns notes on
// the others. Where the site cannot be marked, all are kept.
func (p *programs) keepReaching(ctx context.Context, dir, root string, tree fs.FS, site advisor.Site, t bench.Target) (notes []string, err error) {
	mark, err := edit.Mark(tree, site)
	if r := (*edit.Refusal)(nil); errors.As(err, &r) {
		return []string{"which benchmarks come to this place is not known: " + r.Why}, nil
	} else if err != nil {
		return nil, err
	}
	t.Packages = []string{p.present.Package}
	marked, err := overlaid(ctx, filepath.Join(dir, "marked"), root, mark, t)
	if err != nil {
		return nil, err
	}
	names, notes, err := reaching(ctx, marked, dir)
	if err != nil {
		return nil, err
	}
	p.present, p.proposed = p.present.Only(names...), p.proposed.Only(names...)
	return notes, nil
}

// reaching runs each benchmark of a marked binary by itself, for one operation. One
// that fails is left out like one that passes by, unless no other is there to measure.
func reaching(ctx context.Context, marked *bench.Binary, dir string) (names, notes []string, err error) {
	var past []string
	var failure error
	for i, name := range marked.Names {
		seen := filepath.Join(dir, fmt.Sprintf("seen%d", i))
		_, err := marked.Only(name).Run(ctx, bench.Options{Benchtime: "1x", Env: []string{edit.SeenVar + "=" + seen}})
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			failure = err
			notes = append(notes, fmt.Sprintf("%s is left out: %v", name, err))
			continue
		}
		if _, err := os.Stat(seen); err != nil {
			past = append(past, name)
			continue
		}
		names = append(names, name)
	}
	do, its, are := "does", "its", "is"
	if len(past) > 1 {
		do, its, are = "do", "their", "are"
	}
	passes := fmt.Sprintf("%s %s not come to this place in %s code", strings.Join(past, ", "), do, its)
	switch {
	case len(names) == 0 && failure != nil:
		return nil, nil, failure
	case len(names) == 0:
		return nil, nil, errors.New(passes + ": name a benchmark that does")
	case len(past) > 0:
		notes = append(notes, passes+", and "+are+" left out")
	}
	return names, notes, nil
}
