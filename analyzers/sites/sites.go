// Package sites tells the advisor what the program looks like: the places where
// work is handed to an executor, the loops that hand over nothing although they
// wait or compute, and of every function its lines that wait and the names that
// profiles give to its literals.
package sites

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/carried"
	"github.com/concurlint/concurlint/analyzers/classify"
	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// Analyzer reports every site and every function. It is no rule: the command
// runs it when it is asked for.
var Analyzer = &analysis.Analyzer{
	Name:     "sites",
	Doc:      "list hand-overs and functions, as JSON, for concurlint -sites",
	URL:      "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/sites",
	Run:      effects.InTurn(run),
	Requires: []*analysis.Analyzer{settings.Analyzer, effects.Analyzer, contracts.Analyzer, placement.Analyzer, directive.Analyzer, carried.Analyzer},
}

// A Message is the message of one diagnostic: a site or a function. Its JSON is
// that of the advisor's types of the same names, with absolute files.
type Message struct {
	Site     *Site     `json:"site,omitempty"`
	Function *Function `json:"function,omitempty"`
}

// A Place is a line of source.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
}

// A Site is a place where work is handed to an executor, or a loop whose
// iterations could be.
type Site struct {
	Package  string `json:"package"`
	Function string `json:"function"`
	Place
	EndLine  int    `json:"endLine"`
	Via      string `json:"via"`
	Executor string `json:"executor"`
	Limit    Limit  `json:"limit"`
	Trip     string `json:"trip"`
	Once     bool   `json:"once"`
	Endless  bool   `json:"endless"`
	Task     Task   `json:"task"`
	Queue    *Queue `json:"queue,omitempty"`

	Iterations string `json:"iterations,omitempty"` // of a serial loop: independent, dependent; "" if neither is shown
	Because    string `json:"because,omitempty"`    // what that rests on
}

// A Limit bounds the tasks in flight.
type Limit struct {
	Class string `json:"class"`
	Text  string `json:"text"`
	Place
	N     int64   `json:"n,omitempty"`
	Waits []Place `json:"waits,omitempty"`
}

// A Task is what a site runs.
type Task struct {
	Class   string          `json:"class"`
	Effects []string        `json:"effects"`
	Bodies  []Body          `json:"bodies"`
	Chain   []classify.Step `json:"chain,omitempty"` // witness of the effect that gives the task its class
}

// A Body is a stretch of source. Of a function of another package the last line
// is not known and 0.
type Body struct {
	Package  string `json:"package"`
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	EndLine  int    `json:"endLine"`
	Part     bool   `json:"part,omitempty"` // a literal or lines of the function, not all of it
}

// A Queue is the channel between submitters and workers.
type Queue struct {
	Receives []Place `json:"receives"`
	Sends    []Place `json:"sends"`
}

// A Function is the summary of one declared function. A function named init
// with the line of a variable holds the literals of a file's package-level
// variables: the compiler names them after it.
type Function struct {
	Package string `json:"package"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	EndLine int    `json:"endLine"`
	classify.Function
	Literals []Literal `json:"literals"`
	Waits    []Wait    `json:"waits"`
}

// A lister turns what the passes know of one package into messages.
type lister struct {
	pass     *analysis.Pass
	fx       *effects.Result
	res      *placement.Result
	carried  *carried.Result
	contexts []*contracts.Context
	wanted   func(token.Pos) bool
	workers  map[*effects.Func]bool // that run endless tasks
	channels *channels
	regions  map[*effects.Op]*placement.Region // by what takes the lock
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[placement.Analyzer].(*placement.Result)
	if res.Effects.Knowledge() == nil {
		return nil, nil // the standard library, of which only knowledge tells
	}
	l := &lister{pass: pass, fx: res.Effects, res: res, carried: pass.ResultOf[carried.Analyzer].(*carried.Result), wanted: report.New(pass).Wanted}
	l.contexts = pass.ResultOf[contracts.Analyzer].(*contracts.Result).Contexts
	l.workers = l.findWorkers()
	l.channels = newChannels(l)
	l.regions = make(map[*effects.Op]*placement.Region)
	for _, r := range res.Regions {
		l.regions[r.Acquire] = r
	}
	for _, f := range l.functions() {
		if err := l.report(f.at, f.at, Message{Function: f.function}); err != nil {
			return nil, err
		}
	}
	for _, s := range l.sites() {
		if err := l.report(s.node.Pos(), s.node.End(), Message{Site: s.site}); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (l *lister) report(pos, end token.Pos, m Message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	l.pass.Report(analysis.Diagnostic{Pos: pos, End: end, Message: string(text)})
	return nil
}

func (l *lister) place(pos token.Pos) Place {
	at := l.pass.Fset.Position(pos)
	return Place{File: at.Filename, Line: at.Line, Column: at.Column}
}

func (l *lister) line(pos token.Pos) int { return l.pass.Fset.Position(pos).Line }

// path is the import path: of a package with its tests that of the package.
func (l *lister) path() string { return l.pass.Pkg.Path() }

// functionName names the declared function around f; literals of package-level
// variables run in init.
func functionName(f *effects.Func) string {
	if d := f.Outer().Decl; d != nil {
		return report.FuncName(d)
	}
	return "init"
}

// source is an expression as it is written, on one line.
func (l *lister) source(e ast.Expr) string {
	from, to := l.pass.Fset.Position(e.Pos()), l.pass.Fset.Position(e.End())
	text, err := l.pass.ReadFile(l.pass.Fset.File(e.Pos()).Name())
	if err != nil || filepath.Ext(from.Filename) != ".go" || to.Offset > len(text) {
		return exprString(e) // a //line directive: the text is elsewhere
	}
	return strings.Join(strings.Fields(string(text[from.Offset:to.Offset])), " ")
}
