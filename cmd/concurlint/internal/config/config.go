// Package config reads .concurlint.yaml, what a team has agreed on. It becomes
// values of flags, and what the command does with findings afterwards: analyzers
// read no file, since caches know nothing of it.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// Name is the file's name.
const Name = ".concurlint.yaml"

// A Config is what a file says.
type Config struct {
	File   string  // absolute
	Values []Value // of flags, in the order of the file
	Caps   []Cap
	Outs   []Exclusion
}

// A Value is what the file has for a flag.
type Value struct {
	Flag, Text   string
	Line, Column int
}

// A Cap makes findings below a path no more severe than AtMost.
type Cap struct {
	Scope
	AtMost settings.Severity
}

// An Exclusion takes findings below a path out, for a reason.
type Exclusion struct {
	Scope
	Reason string
}

// A Scope is where something holds, and for which rules; none means all.
type Scope struct {
	Path  string // relative to the file's directory: dir, dir/..., or a pattern of path.Match
	Rules []string
	Line  int
}

// Find returns the file that holds in a directory: its own, or that of the nearest
// directory above, up to the root of the repository. Empty means that there is none.
func Find(dir string) string {
	for {
		name := filepath.Join(dir, Name)
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			return name // if it cannot be read, that is to be said
		}
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil || dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

// Read reads a file. The error is one line, with the place where something is wrong.
func Read(name string, rules []string) (*Config, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s (-config): %v", name, cause.Of(err))
	}
	c, err := parse(name, text, rules)
	if err != nil {
		return nil, err
	}
	c.File, err = filepath.Abs(name)
	return c, err
}

// Apply lowers severities and takes out what is excluded; the latter it returns
// with the reasons. A nil Config does nothing.
func (c *Config) Apply(list []finding.Finding) (left, out []finding.Finding) {
	if c == nil || len(c.Caps)+len(c.Outs) == 0 {
		return list, nil
	}
	for _, f := range list {
		file := c.below(f.File)
		for _, limit := range c.Caps {
			if limit.covers(file, f.Rule) {
				f.Severity = min(f.Severity, limit.AtMost)
			}
		}
		i := slices.IndexFunc(c.Outs, func(x Exclusion) bool { return x.covers(file, f.Rule) })
		if i < 0 {
			left = append(left, f)
			continue
		}
		f.Silence = &finding.Silence{By: finding.ByConfiguration, Reason: c.Outs[i].Reason}
		out = append(out, f)
	}
	return left, out
}

// below is a file as seen from the configuration's directory, with slashes.
func (c *Config) below(file string) string {
	abs, err := filepath.Abs(filepath.FromSlash(file))
	if err != nil {
		return file
	}
	rel, err := filepath.Rel(filepath.Dir(c.File), abs)
	if err != nil {
		return file
	}
	return filepath.ToSlash(rel)
}

func (s Scope) covers(file, rule string) bool {
	if len(s.Rules) > 0 && !slices.Contains(s.Rules, rule) {
		return false
	}
	if dir, ok := strings.CutSuffix(s.Path, "..."); ok {
		dir = strings.TrimSuffix(dir, "/")
		return dir == "" || dir == "." || strings.HasPrefix(file, dir+"/")
	}
	if ok, err := path.Match(s.Path, file); ok && err == nil {
		return true
	}
	ok, err := path.Match(s.Path, path.Dir(file))
	return ok && err == nil
}
