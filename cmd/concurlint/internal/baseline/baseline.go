// Package baseline keeps the findings that a team has decided to live with, so
// that a run reports new ones alone.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// version of the file's form.
const version = 1

// A Baseline is a list of known findings. Its JSON has neither lines nor times, so
// that it changes with the findings alone.
type Baseline struct {
	Version  int     `json:"version"`
	Findings []Entry `json:"findings"`
}

// An Entry is a known finding. The fingerprint tells which; the rest is for people
// who read the file.
type Entry struct {
	Rule        string `json:"rule"`
	Package     string `json:"package"`
	Function    string `json:"function"`
	Message     string `json:"message"`
	Fingerprint string `json:"fingerprint"`
}

// New is the baseline of findings.
func New(list []finding.Finding) *Baseline {
	b := &Baseline{Version: version, Findings: []Entry{}}
	for _, f := range list {
		b.Findings = append(b.Findings, Entry{f.Rule, f.Package, f.Function, f.Message, f.Fingerprint})
	}
	b.sort()
	return b
}

func (b *Baseline) sort() {
	slices.SortFunc(b.Findings, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(x.Package, y.Package), cmp.Compare(x.Function, y.Function), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Message, y.Message), cmp.Compare(x.Fingerprint, y.Fingerprint))
	})
}

// Read reads a file that Write wrote. The error is one line: the file cannot be
// read, is no baseline, or is one of another version.
func Read(name string) (*Baseline, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		if p := (*fs.PathError)(nil); errors.As(err, &p) {
			err = p.Err
		}
		return nil, fmt.Errorf("cannot read %s (-baseline): %v; -write-baseline %s writes it", name, err, name)
	}
	var b Baseline
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&b); err != nil || dec.More() {
		return nil, fmt.Errorf("%s (-baseline) is no baseline%s: concurlint -write-baseline writes one", name, because(err))
	}
	if b.Version != version {
		return nil, fmt.Errorf("%s (-baseline) has version %d, this concurlint reads version %d: write it again with -write-baseline", name, b.Version, version)
	}
	for i, e := range b.Findings {
		if e.Fingerprint == "" {
			return nil, fmt.Errorf("%s (-baseline): finding %d has no fingerprint: write it again with -write-baseline", name, i+1)
		}
	}
	return &b, nil
}

func because(err error) string {
	if err == nil {
		return " (something follows it)"
	}
	return " (" + err.Error() + ")"
}

// Write replaces a file whole, or leaves it as it was.
func (b *Baseline) Write(name string) error {
	text, err := json.MarshalIndent(b, "", "\t")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".concurlint-baseline-*")
	if err != nil {
		return fmt.Errorf("cannot write %s (-write-baseline): %w", name, err)
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	_, werr := f.Write(append(text, '\n'))
	if err := errors.Join(werr, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("cannot write %s (-write-baseline): %w", name, err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("cannot write %s (-write-baseline): %w", name, err)
	}
	return nil
}

// Split parts findings into those that are new and those that the baseline has.
func (b *Baseline) Split(list []finding.Finding) (fresh, known []finding.Finding) {
	has := make(map[string]bool)
	for _, e := range b.Findings {
		has[e.Fingerprint] = true
	}
	for _, f := range list {
		if has[f.Fingerprint] {
			known = append(known, f)
			continue
		}
		fresh = append(fresh, f)
	}
	return fresh, known
}

// Stale are the entries of packages that were checked, by rules that were on, that
// no finding has any more. Of other packages and rules nothing is known.
func (b *Baseline) Stale(found []finding.Finding, checked func(pkg, rule string) bool) (list []Entry) {
	has := make(map[string]bool)
	for _, f := range found {
		has[f.Fingerprint] = true
	}
	for _, e := range b.Findings {
		if !has[e.Fingerprint] && checked(e.Package, e.Rule) {
			list = append(list, e)
		}
	}
	return list
}

// Without is the baseline without some of its entries.
func (b *Baseline) Without(stale []Entry) *Baseline {
	out := &Baseline{Version: version, Findings: []Entry{}}
	for _, e := range b.Findings {
		if !slices.Contains(stale, e) {
			out.Findings = append(out.Findings, e)
		}
	}
	return out
}
