// Package directive reads the //concurlint: comments of a package.
package directive

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/settings"
)

// Analyzer collects directives; it reports nothing (package contract does).
var Analyzer = &analysis.Analyzer{
	Name:       "directive",
	Doc:        "collect //concurlint: comments",
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/directive",
	Run:        run,
	Requires:   []*analysis.Analyzer{settings.Analyzer},
	ResultType: reflect.TypeFor[*Set](),
}

// A Set is what the comments of one package say.
type Set struct {
	Marks    map[*types.Func]*Mark // functions and interface methods
	Params   []*Param
	Problems []Problem
	ignores  map[string][]*Ignore // by file name
}

// A Mark says what a function promises or does.
type Mark struct {
	Pos         token.Pos
	NonBlocking bool
	Offload     bool
	CPU         bool
	Blocking    []string // effect kinds
}

// A Param is a marked func-typed parameter: nonblocking says that the argument
// must not block, offload that it runs elsewhere.
type Param struct {
	Func *types.Func
	N    int
	Mark
}

// An Ignore silences rules on the lines From to To of its file.
type Ignore struct {
	Pos, End token.Pos
	From, To int
	Rules    []string // empty: all
	Reason   string   // as it is written, perhaps empty
	Nolint   bool
	used     atomic.Bool
}

// A Problem is a directive that cannot be understood.
type Problem struct {
	Pos, End token.Pos
	Message  string
}

// Silences returns the directive by which rule is to be ignored at the position,
// or nil, and remembers that it was of use, as every other that covers it.
func (s *Set) Silences(rule string, at token.Position) (hit *Ignore) {
	for _, ig := range s.ignores[at.Filename] {
		if at.Line < ig.From || at.Line > ig.To || !ig.covers(rule) {
			continue
		}
		ig.used.Store(true)
		if hit == nil {
			hit = ig
		}
	}
	return hit
}

func (ig *Ignore) covers(rule string) bool {
	if len(ig.Rules) == 0 {
		return true
	}
	for _, r := range ig.Rules {
		if r == rule {
			return true
		}
	}
	return false
}

// Unused returns the ignore directives that silenced nothing, nolint comments
// left out: other linters may need those. It must be called after the rules.
func (s *Set) Unused() []*Ignore {
	var list []*Ignore
	for _, file := range s.ignores {
		for _, ig := range file {
			if !ig.Nolint && !ig.used.Load() {
				list = append(list, ig)
			}
		}
	}
	return list
}

const prefix = "//concurlint:"

func run(pass *analysis.Pass) (any, error) {
	s := &Set{Marks: make(map[*types.Func]*Mark), ignores: make(map[string][]*Ignore)}
	for _, f := range settings.Files(pass) {
		if settings.Of(pass).FactsOnly && !mentions(f) {
			continue
		}
		readFile(pass, s, f)
	}
	return s, nil
}

// mentions is a cheap test that spares the walk of files without directives.
func mentions(f *ast.File) bool {
	for _, g := range f.Comments {
		for _, c := range g.List {
			if strings.HasPrefix(c.Text, prefix) {
				return true
			}
		}
	}
	return false
}

func readFile(pass *analysis.Pass, s *Set, f *ast.File) {
	var found []*ast.Comment
	for _, g := range f.Comments {
		for _, c := range g.List {
			if strings.HasPrefix(c.Text, prefix) || nolint(c.Text) {
				found = append(found, c)
			}
		}
	}
	if len(found) == 0 {
		return
	}
	r := &reader{pass: pass, set: s, file: f, marks: make(map[*ast.Comment]bool)}
	r.readMarks()
	for _, c := range found {
		r.comment(c)
	}
}

// nolint reports whether the comment is a nolint comment that names concurlint.
func nolint(text string) bool {
	list, ok := strings.CutPrefix(text, "//nolint:")
	if !ok {
		return false
	}
	list, _, _ = strings.Cut(list, " ")
	for name := range strings.SplitSeq(list, ",") {
		if name == "concurlint" {
			return true
		}
	}
	return false
}
