package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/concurlint/concurlint/analyzers/driver"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
)

// cache shows what is kept between runs, or removes it.
func cache(_ context.Context, opts *options, stdout, _ io.Writer) (int, error) {
	clean := len(opts.args) == 1 && opts.args[0] == "clean"
	if len(opts.args) > 0 && !clean {
		return 0, errors.New("concurlint cache takes no argument, or clean")
	}
	dir, err := check.CacheDir()
	if err != nil {
		return 0, err
	}
	if dir == "" {
		fmt.Fprintln(stdout, "off: nothing is kept between runs")
		return exitClean, nil
	}
	if clean {
		if err := driver.CleanCache(dir); err != nil {
			return 0, fmt.Errorf("cannot clean the cache: %v", err)
		}
		return exitClean, nil
	}
	switch files, bytes := driver.CacheSize(dir); files {
	case 0:
		fmt.Fprintf(stdout, "%s holds nothing\n", dir)
	default:
		fmt.Fprintf(stdout, "%s: %d files, %.1f MB\n", dir, files, float64(bytes)/1e6)
	}
	return exitClean, nil
}
