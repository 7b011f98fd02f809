package verify

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// locate finds the module of a site, and rewrites the site's paths to be relative
// to it. Code below the module cache and the Go installation belongs to others.
func locate(ctx context.Context, dir string, site advisor.Site) (advisor.Site, string, error) {
	file, err := absolute(dir, site.File)
	if err != nil {
		return site, "", err
	}
	if _, err := os.Stat(file); err != nil {
		return site, "", fmt.Errorf("the site's file cannot be read: %w", err)
	}
	cmd := exec.CommandContext(ctx, "go", "env", "GOMODCACHE", "GOROOT")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return site, "", fmt.Errorf("go env: %w", err)
	}
	for others := range strings.Lines(string(out)) { // the paths may have spaces
		others = strings.TrimSpace(others)
		if rel, err := filepath.Rel(others, file); err == nil && filepath.IsLocal(rel) {
			return site, "", fmt.Errorf("%s is below %s, whose files the go command does not overlay: work on a copy with a replace directive", rel, others)
		}
	}
	root := filepath.Dir(file)
	for d := root; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			root = d
			break
		}
		if d == filepath.Dir(d) {
			break
		}
	}
	places := []*string{&site.File, &site.Limit.File}
	site.Task.Bodies = slices.Clone(site.Task.Bodies)
	for i := range site.Task.Bodies {
		places = append(places, &site.Task.Bodies[i].File)
	}
	for _, name := range places {
		if *name == "" {
			continue
		}
		abs, err := absolute(dir, *name)
		if err != nil {
			return site, "", err
		}
		rel, err := filepath.Rel(root, abs)
		if err != nil {
			return site, "", err
		}
		*name = filepath.ToSlash(rel)
	}
	return site, root, nil
}

// absolute is the file that a site has, as seen from dir.
func absolute(dir, name string) (string, error) {
	file := filepath.FromSlash(name)
	if filepath.IsAbs(file) {
		return file, nil
	}
	return filepath.Abs(filepath.Join(dir, file))
}
