// Package settings holds what the user may set. The values reach the analyzers
// as the result of an analyzer that they require, and that one has them from
// flags or from who binds them; never from files found on disk, as caches know
// of flags and sources alone.
package settings

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// A Severity orders findings.
type Severity = evidence.Severity

// The severities.
const (
	Note    = evidence.Note
	Warning = evidence.Warning
	Error   = evidence.Error
)

// Values are the settings of one suite of analyzers. They are made by New, and
// are constant once an analyzer runs.
type Values struct {
	// Least is the least severity reported.
	Least Severity
	// Confidence is the least confidence reported. Below a quarter, candidates are
	// shown that are silent otherwise.
	Confidence float64
	// Tests includes the files of tests.
	Tests bool
	// Detail puts a machine-readable report.Detail into each diagnostic's Category.
	Detail bool
	// FactsOnly is true while a dependency is analyzed for its facts alone.
	FactsOnly bool
	// OneLine puts all of a finding into its message, without the rule's name: for
	// drivers that write that name themselves and know of no other places.
	OneLine bool
	// Packed is true where facts go from process to process: see effects.Table.
	Packed bool
	// KnowledgeFile has effects and contracts of the user's libraries, and
	// KnowledgeHash stands for its content in the keys of caches.
	KnowledgeFile, KnowledgeHash string
	// KnowledgeText is such knowledge itself. It wins over the file's.
	KnowledgeText string

	knowledge func() (*knowledge.Base, error)
}

// New returns the settings that hold where the user says nothing.
func New() *Values {
	v := &Values{Least: Warning, Confidence: evidence.Quarter}
	v.knowledge = sync.OnceValues(v.read)
	return v
}

// AddFlags adds the flags that users have for the values.
func (v *Values) AddFlags(set *flag.FlagSet) {
	set.Var(&v.Least, "severity", "least `severity` shown: note, warning or error")
	set.Float64Var(&v.Confidence, "confidence", v.Confidence, "least confidence `X` shown, from 0 to 1")
	set.BoolVar(&v.Tests, "tests", v.Tests, "also report in files of tests")
	set.BoolVar(&v.Detail, "detail", v.Detail, "print findings for machines: category holds JSON")
	set.StringVar(&v.KnowledgeFile, "knowledge", "", "`file` with effects and contracts of your own libraries")
	set.StringVar(&v.KnowledgeHash, "knowledgehash", "", "hash of the knowledge file, so that caches notice an edit")
	set.StringVar(&v.KnowledgeText, "knowledgetext", "", "such effects and contracts themselves, as lines of `text`")
}

// String names all that findings depend on, for keys of caches.
func (v *Values) String() string {
	return fmt.Sprintf("%v %v %v %v %v %v %v %q %q %q", v.Least, v.Confidence, v.Tests, v.Detail, v.FactsOnly, v.OneLine, v.Packed,
		v.KnowledgeFile, v.KnowledgeHash, v.KnowledgeText)
}

// Knowledge returns the built-in knowledge and the user's.
func (v *Values) Knowledge() (*knowledge.Base, error) { return v.knowledge() }

func (v *Values) read() (*knowledge.Base, error) {
	base := knowledge.Builtin()
	if v.KnowledgeFile != "" {
		text, err := os.ReadFile(v.KnowledgeFile)
		switch {
		case errors.Is(err, fs.ErrNotExist) && !filepath.IsAbs(v.KnowledgeFile):
			return nil, fmt.Errorf("-knowledge: there is no %s here; give go vet an absolute path, as it runs each package in its own folder", v.KnowledgeFile)
		case err != nil:
			return nil, fmt.Errorf("-knowledge: %v", err)
		}
		if base, err = base.With(v.KnowledgeFile, string(text)); err != nil {
			return nil, err
		}
	}
	if v.KnowledgeText == "" {
		return base, nil
	}
	return base.With("knowledge", v.KnowledgeText)
}
