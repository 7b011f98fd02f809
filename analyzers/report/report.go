// Package report turns what a rule has found into a diagnostic: it drops what
// the user has silenced or does not want to see, keeps one finding a line, and
// carries the witness chain along.
package report

import (
	"cmp"
	"encoding/json"
	"go/ast"
	"go/token"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// A Step is one line of a witness chain, or another site of a finding.
type Step struct {
	Pos     token.Pos
	Message string
}

// A Finding is what a rule reports.
type Finding struct {
	Pos, End token.Pos
	Most     evidence.Severity // if it is as it seems
	Signals  []string          // what was observed that speaks for it or against it, by name
	Message  string            // without the rule's name
	Kind     string            // effect or defect kind, part of the fingerprint
	Chain    []Step            // from the reported place down to the primitive
	Related  []Step            // other sites
	// Cause names what makes this finding and others, as the lock of a package that holds it
	// while it calls what it has been given, or a function that waits and is called under one
	// lock in several places: to mend that mends them all. Empty for none.
	Cause string
	// Twin is where a finding stands that says the same of another way through the code:
	// one of them is told, the surer, or the first. NoPos if there is none.
	Twin token.Pos
	// Fix keeps the behaviour, but for what the finding is about, in every program:
	// tools apply each fix that they get. At most one.
	Fix *analysis.SuggestedFix
	// Proposal forms an edit that needs somebody's judgement: it is shown as a diff,
	// and no tool applies it. All of its edits are in the finding's file. May be nil,
	// and so may what it returns.
	Proposal func() *analysis.SuggestedFix
}

// Detail is the machine-readable part of a diagnostic, put into its Category
// when settings.Values.Detail is set. Chain is the number of related entries that are
// the chain; they come first.
type Detail struct {
	Rule       string            `json:"rule"`
	Severity   string            `json:"severity"`
	Confidence float64           `json:"confidence"`
	Signals    []evidence.Signal `json:"signals"`
	Function   string            `json:"function"`
	Kind       string            `json:"kind"`
	Chain      int               `json:"chain"`
	Cause      string            `json:"cause,omitempty"`
	// Silenced is the reason that a directive gives, nil where none silences it.
	Silenced *string `json:"silenced,omitempty"`
	// Proposal is an edit to think about.
	Proposal *Proposal `json:"proposal,omitempty"`
}

// A Proposal is an edit of the finding's file that needs somebody's judgement.
type Proposal struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// An Edit replaces the bytes from Start to End.
type Edit struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// Done is the result of a rule's analyzer; package contract requires the rules
// so that it runs after them.
type Done struct{}

// ResultType is the ResultType of every rule.
var ResultType = reflect.TypeFor[Done]()

// A told is a finding with what its evidence says.
type told struct {
	Finding
	judgement evidence.Judgement
	severity  evidence.Severity
}

// less reports whether o counts before t where both are on one line.
func (t told) less(o told) bool {
	return cmp.Or(cmp.Compare(t.severity, o.severity), cmp.Compare(t.judgement.Confidence, o.judgement.Confidence)) < 0
}

// A Reporter reports the findings of one rule in one package.
type Reporter struct {
	pass   *analysis.Pass
	values *settings.Values
	set    *directive.Set
	told   []told
	lines  map[string]int // of those told, by file and line
	skip   map[*token.File]bool
}

// New returns a reporter for the rule of pass, which must require
// directive.Analyzer and settings.Analyzer.
func New(pass *analysis.Pass) *Reporter {
	r := &Reporter{
		pass:   pass,
		values: settings.Of(pass),
		set:    pass.ResultOf[directive.Analyzer].(*directive.Set),
		lines:  make(map[string]int),
		skip:   make(map[*token.File]bool),
	}
	var ofTests map[*ast.File]bool
	if !r.values.Tests {
		ofTests = tests(pass)
	}
	for _, f := range pass.Files {
		name := pass.Fset.Position(f.Package).Filename
		if isGenerated(pass.Fset, f) || !strings.HasSuffix(name, ".go") || ofTests[f] {
			r.skip[pass.Fset.File(f.FileStart)] = true
		}
	}
	return r
}

// Wanted reports whether findings at pos are wanted at all; rules ask before
// they work a finding out.
func (r *Reporter) Wanted(pos token.Pos) bool {
	return !r.skip[r.pass.Fset.File(pos)]
}

// Report takes f for Done unless it is unwanted, silenced, or no more severe and no
// surer than another one on its line or that of its twin. Rules report every candidate: what
// is shown must not decide which directives are of use, nor which finding of a line is told.
func (r *Reporter) Report(f Finding) {
	if !r.Wanted(f.Pos) {
		return
	}
	j := evidence.Judge(r.pass.Analyzer.Name, f.Signals)
	silent := j.Confidence < evidence.Quarter
	if silent && j.Confidence < r.values.Confidence {
		return // no finding, so it neither needs a directive nor takes a line
	}
	at := r.pass.Fset.Position(f.Pos)
	severity := j.Severity(f.Most)
	if ig := r.set.Silences(r.pass.Analyzer.Name, at); ig != nil {
		r.silenced(f, j, severity, ig)
		return
	}
	t := told{f, j, severity}
	if silent {
		r.show(t) // takes no line
		return
	}
	if f.Twin.IsValid() {
		at = r.pass.Fset.Position(f.Twin)
	}
	i, taken := r.lines[lineOf(at)]
	if !taken {
		i = len(r.told)
		r.told = append(r.told, t)
	}
	r.lines[lineOf(at)], r.lines[lineOf(r.pass.Fset.Position(f.Pos))] = i, i
	if !taken {
		return
	}
	best, other := r.told[i], t
	if best.less(t) {
		best, other = t, best
	}
	if f.Twin.IsValid() {
		best.Related = append(best.Related, Step{other.Pos, "and here, on another way"})
	}
	r.told[i] = best
}

func lineOf(p token.Position) string { return p.Filename + ":" + strconv.Itoa(p.Line) }

// Done reports what has been told and gives the result of the rule, which calls it when
// it has seen all: of a line that waits under two locks, the surer finding may come last.
func (r *Reporter) Done() Done {
	for _, t := range r.told {
		r.show(t)
	}
	return Done{}
}

// show reports a finding unless it is milder or less sure than what is shown.
func (r *Reporter) show(t told) {
	if t.severity >= r.values.Least && t.judgement.Confidence >= r.values.Confidence {
		r.pass.Report(r.diagnostic(t.Finding, t.judgement, t.severity, nil))
	}
}

// silenced tells machines of a finding that a directive silences, and its reason:
// reports for audits show both. It takes no line from another finding.
func (r *Reporter) silenced(f Finding, j evidence.Judgement, severity evidence.Severity, ig *directive.Ignore) {
	if r.values.Detail && severity >= r.values.Least && j.Confidence >= r.values.Confidence {
		r.pass.Report(r.diagnostic(f, j, severity, &ig.Reason))
	}
}

func (r *Reporter) diagnostic(f Finding, j evidence.Judgement, severity evidence.Severity, silenced *string) analysis.Diagnostic {
	d := analysis.Diagnostic{
		Pos:      f.Pos,
		End:      f.End,
		Category: r.pass.Analyzer.Name,
		URL:      r.pass.Analyzer.URL,
		Message:  r.pass.Analyzer.Name + ": " + f.Message,
	}
	for _, list := range [][]Step{f.Chain, f.Related} {
		for _, s := range list {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: s.Pos, Message: s.Message})
		}
	}
	if f.Fix != nil && r.written(f.Fix) {
		d.SuggestedFixes = []analysis.SuggestedFix{*f.Fix}
	}
	switch {
	case r.values.Detail:
		d.Category = r.detail(f, j, severity, silenced)
	case severity == evidence.Note:
		// Other drivers show the message and no severity.
		d.Message += j.Aside()
	}
	if r.values.OneLine {
		d.Message = r.oneLine(f, strings.TrimPrefix(d.Message, r.pass.Analyzer.Name+": "))
		d.Related = nil
	}
	return d
}

// proposal is that of the finding with offsets for places, or nil. A note is in doubt
// itself.
func (r *Reporter) proposal(f Finding, severity evidence.Severity) *Proposal {
	if f.Proposal == nil || severity == evidence.Note {
		return nil
	}
	edit := f.Proposal()
	if edit == nil || !r.written(edit) {
		return nil
	}
	file := r.pass.Fset.File(f.Pos)
	p := &Proposal{Message: edit.Message}
	for _, e := range edit.TextEdits {
		p.Edits = append(p.Edits, Edit{file.Offset(e.Pos), file.Offset(e.End), string(e.NewText)})
	}
	return p
}

// written reports whether a fix is for files that people write. Others, as those
// that cgo makes, say of their lines where people look for them.
func (r *Reporter) written(fix *analysis.SuggestedFix) bool {
	return !slices.ContainsFunc(fix.TextEdits, func(e analysis.TextEdit) bool {
		return r.pass.Fset.Position(e.Pos).Filename != r.pass.Fset.File(e.Pos).Name()
	})
}

// oneLine is a message with what else the finding points at: where it begins, and
// the primitive that it comes down to.
func (r *Reporter) oneLine(f Finding, text string) string {
	var also []string
	if len(f.Related) > 0 {
		also = append(also, f.Related[0].Message+" at "+r.where(f.Related[0].Pos))
	}
	if n := len(f.Chain); n > 1 {
		also = append(also, "via "+f.Chain[n-1].Message)
	}
	if len(also) == 0 {
		return text
	}
	return text + " (" + strings.Join(also, "; ") + ")"
}

// where is a place by its file's name alone, which is the same wherever the
// sources lie.
func (r *Reporter) where(pos token.Pos) string {
	at := r.pass.Fset.Position(pos)
	return filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line)
}

func (r *Reporter) detail(f Finding, j evidence.Judgement, severity evidence.Severity, silenced *string) string {
	text, err := json.Marshal(Detail{
		Rule:       r.pass.Analyzer.Name,
		Severity:   severity.String(),
		Confidence: math.Round(100*j.Confidence) / 100,
		Signals:    j.Signals,
		Function:   Enclosing(r.pass, f.Pos),
		Kind:       f.Kind,
		Chain:      len(f.Chain),
		Cause:      f.Cause,
		Silenced:   silenced,
		Proposal:   r.proposal(f, severity),
	})
	if err != nil {
		panic(err) // plain strings and numbers
	}
	return string(text)
}
