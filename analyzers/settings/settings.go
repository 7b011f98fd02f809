// Package settings holds what the user may set. The values reach the analyzers
// as flags, never as files found on disk: the go command caches results under
// the flags and the sources alone.
package settings

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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

// The values, set by flags before an analyzer runs and constant afterwards.
var (
	// Least is the least severity reported.
	Least = Warning
	// Confidence is the least confidence reported. Below a quarter, candidates are
	// shown that are silent otherwise.
	Confidence = evidence.Quarter
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

	knowledgeFile string
	knowledgeHash string
	knowledgeText string
)

// AddFlags adds the flags to set, usually flag.CommandLine.
func AddFlags(set *flag.FlagSet) {
	set.Var(&Least, "severity", "least `severity` shown: note, warning or error")
	set.Float64Var(&Confidence, "confidence", evidence.Quarter, "least confidence `X` shown, from 0 to 1")
	set.BoolVar(&Tests, "tests", false, "also report in files of tests")
	set.BoolVar(&Detail, "detail", false, "print findings for machines: category holds JSON")
	set.StringVar(&knowledgeFile, "knowledge", "", "`file` with effects and contracts of your own libraries")
	set.StringVar(&knowledgeHash, "knowledgehash", "", "hash of the knowledge file, so that the go command's cache notices an edit")
}

// SetKnowledge gives the user's knowledge as text, for drivers whose configuration
// holds it. It comes before the first analysis.
func SetKnowledge(text string) error {
	_, err := knowledge.Builtin().With("knowledge", text)
	knowledgeText = text
	return err
}

// Knowledge returns the built-in knowledge and the user's.
var Knowledge = sync.OnceValues(func() (*knowledge.Base, error) {
	if knowledgeText != "" {
		return knowledge.Builtin().With("knowledge", knowledgeText)
	}
	if knowledgeFile == "" {
		return knowledge.Builtin(), nil
	}
	text, err := os.ReadFile(knowledgeFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !filepath.IsAbs(knowledgeFile):
		return nil, fmt.Errorf("-knowledge: there is no %s here; give go vet an absolute path, as it runs each package in its own folder", knowledgeFile)
	case err != nil:
		return nil, fmt.Errorf("-knowledge: %v", err)
	}
	return knowledge.Builtin().With(knowledgeFile, string(text))
})

// Standard reports whether path is a package of the standard library or
// vendored into it. The module path, where the driver gives one, decides first:
// a module without a dot in its path is not the standard library.
func Standard(path, module string) bool {
	if module != "" && module != "std" && module != "cmd" {
		return false
	}
	first, _, _ := strings.Cut(path, "/")
	return stdRoots[first]
}

// stdRoots are the first path elements of the standard library.
var stdRoots = func() map[string]bool {
	m := make(map[string]bool)
	for r := range strings.FieldsSeq(`archive arena bufio builtin bytes cmd cmp compress container context crypto
		database debug embed encoding errors expvar flag fmt go hash html image index internal io iter log maps
		math mime net os path plugin reflect regexp runtime simd slices sort strconv strings structs sync syscall
		testing text time unicode unique unsafe vendor weak`) {
		m[r] = true
	}
	return m
}()
