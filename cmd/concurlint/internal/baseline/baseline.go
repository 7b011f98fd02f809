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
	"syscall"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
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

// Read reads a file that Write wrote, as somebody asked for it. The error is one
// line: the file cannot be read, is no baseline, or is one of another version.
func Read(name, asked string) (*Baseline, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot read %s (%s): %v; -write-baseline %s writes it", name, asked, cause.Of(err), name)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s (%s): %v", name, asked, cause.Of(err))
	}
	var b Baseline
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if why := notOne(dec.Decode(&b), dec.More(), b.Version); why != "" {
		return nil, fmt.Errorf("%s (%s) is no baseline (%s): concurlint -write-baseline writes one", name, asked, why)
	}
	if b.Version != version {
		return nil, fmt.Errorf("%s (%s) has version %d, this concurlint reads version %d: write it again with -write-baseline", name, asked, b.Version, version)
	}
	for i, e := range b.Findings {
		if e.Fingerprint == "" {
			return nil, fmt.Errorf("%s (%s): finding %d has no fingerprint: write it again with -write-baseline", name, asked, i+1)
		}
	}
	return &b, nil
}

// notOne says why a text is no baseline, nothing if it is one.
func notOne(err error, more bool, version int) string {
	other := (*json.UnmarshalTypeError)(nil)
	switch {
	case errors.As(err, &other) && other.Field == "":
		return "it is of JSON's type " + other.Value
	case errors.As(err, &other):
		return other.Field + " is of JSON's type " + other.Value
	case err != nil:
		return err.Error()
	case more:
		return "something follows it"
	case version == 0:
		return "it has no version"
	}
	return ""
}

// Write replaces a file whole, or leaves it as it was.
func (b *Baseline) Write(name string) error {
	text, err := json.MarshalIndent(b, "", "\t")
	if err != nil {
		return err
	}
	if err := replace(name, append(text, '\n')); err != nil {
		return fmt.Errorf("cannot write %s (-write-baseline): %w", name, cause.Of(err))
	}
	return nil
}

func replace(name string, text []byte) error {
	if st, err := os.Stat(name); err == nil && st.IsDir() {
		return syscall.EISDIR
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".concurlint-baseline-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	_, werr := f.Write(text)
	if err := errors.Join(werr, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
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
