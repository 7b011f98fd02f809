package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// version prints which version this is.
func version(_ context.Context, opts *options, stdout, _ io.Writer) (int, error) {
	if len(opts.args) > 0 {
		return 0, fmt.Errorf("concurlint version takes no argument, have %q", opts.args[0])
	}
	_, err := fmt.Fprintf(stdout, "concurlint %s (%s, %s/%s)\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitClean, err
}

// buildVersion is the version of the module that this executable was built from.
// Built in a checkout it has none, and is named by its revision; the go command
// writes one there that says so itself.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return versionOf(info)
}

// develVersion is what the go command writes where it knows no version.
const develVersion = "(devel)"

func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != develVersion {
		return v
	}
	set := make(map[string]string)
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	text := "devel"
	if rev := set["vcs.revision"]; rev != "" {
		text += "-" + rev[:min(12, len(rev))]
	}
	if set["vcs.modified"] == "true" {
		text += "+dirty"
	}
	return text
}
