package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/creachadair/jrpc2"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/classify"
	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// An outcome is what the last round found out. It is replaced, not changed.
type outcome struct {
	files     map[string]*checkedFile        // with findings, by file
	functions map[string]map[string]function // by package and plain name
	packages  map[string]string              // by directory
}

// A checkedFile is a file with findings, and its text when they were made.
type checkedFile struct {
	text        *lsp.Text
	findings    []finding.Finding
	diagnostics []lsp.Diagnostic // of the findings, in their order
}

// begin starts the rounds: the editor is ready to be told of findings.
func (s *server) begin(context.Context, *jrpc2.Request) (any, error) {
	s.rounds.Go(func() {
		if err := s.loop(); err != nil && s.ctx.Err() == nil {
			s.show(err.Error())
		}
	})
	return nil, nil
}

// loop checks whenever something was saved. What cannot be loaded today may be
// mended by the next save, so only what no save will mend is returned.
func (s *server) loop() error {
	r, err := newResident(s.opts, append(analyzers.All(), classify.Analyzer), nil)
	if err != nil {
		return err
	}
	defer r.session.Close()
	w, err := newSaves()
	if err != nil {
		return err
	}
	defer w.close()
	s.mu.Lock()
	s.saves = w
	s.mu.Unlock()
	said := make(map[string]bool)
	for {
		s.round(r, said)
		fresh, err := w.follow(r.session.Dirs())
		if err != nil && !said[err.Error()] {
			said[err.Error()] = true
			s.log(err.Error()) // what the editor saves it tells
		}
		if fresh {
			continue // something may have been saved there before it was watched
		}
		r.session.Rest()
		if _, err := w.next(s.ctx); err != nil {
			return err
		}
	}
}

// round checks, and publishes what that changes.
func (s *server) round(r *resident, said map[string]bool) {
	res, err := r.check(s.ctx)
	switch {
	case s.ctx.Err() != nil || err == nil && res == nil:
		return
	case err != nil:
		s.show(err.Error())
		return
	}
	s.explain(res, len(r.session.Dirs()) == 0, said)
	list, err := functions(res.Diagnostics, true)
	if err != nil {
		s.show(err.Error())
		return
	}
	shown, _ := finding.Split(r.findings, r.opts.least)
	s.publish(outcome{files: s.checkedFiles(shown), functions: s.known(list, res), packages: directories(list)})
}

// explain says each problem once. Of code that does not compile the editor knows
// already; that nothing at all can be checked is another matter.
func (s *server) explain(res *check.Result, nothing bool, said map[string]bool) {
	for _, p := range res.Problems {
		switch {
		case said[p.Message]:
		case nothing:
			s.show(p.Message)
		default:
			s.log(p.Message)
		}
		said[p.Message] = true
	}
}

// checkedFiles makes diagnostics of the findings.
func (s *server) checkedFiles(list []finding.Finding) map[string]*checkedFile {
	files := make(map[string]*checkedFile)
	texts := make(map[string]*lsp.Text)
	read := func(file string) *lsp.Text {
		if texts[file] == nil {
			text, _ := os.ReadFile(file)
			texts[file] = lsp.NewText(string(text))
		}
		return texts[file]
	}
	for _, f := range list {
		file := absolute(f.File)
		c := files[file]
		if c == nil {
			c = &checkedFile{text: read(file)}
			files[file] = c
		}
		c.findings = append(c.findings, f)
		c.diagnostics = append(c.diagnostics, s.diagnostic(f, read))
	}
	return files
}

// absolute is the file that people are shown as this one.
func absolute(file string) string {
	abs, err := filepath.Abs(filepath.FromSlash(file))
	if err != nil {
		return file
	}
	return abs
}

var lspSeverities = map[settings.Severity]lsp.Severity{settings.Note: lsp.Information, settings.Warning: lsp.Warning, settings.Error: lsp.Error}

// diagnostic puts the chain and the other places beside the finding, or behind its
// message where the editor has no place for them.
func (s *server) diagnostic(f finding.Finding, read func(string) *lsp.Text) lsp.Diagnostic {
	text := read(absolute(f.File))
	d := lsp.Diagnostic{
		Range:    lsp.Range{Start: text.At(s.encoding, f.Line, f.Column), End: text.At(s.encoding, cmp.Or(f.EndLine, f.Line), f.EndColumn)},
		Severity: lspSeverities[f.Severity],
		Code:     f.Rule,
		Source:   "concurlint",
		Message:  strings.TrimPrefix(f.Message, f.Rule+": "), // the code has it
	}
	if r := findRule(f.Rule); r != nil {
		d.CodeDescription.Href = r.Analyzer.URL
	}
	for i, step := range slices.Concat(f.Chain, f.Related) {
		word := "see"
		if i < len(f.Chain) {
			word = "via"
		}
		if !s.client.TextDocument.PublishDiagnostics.RelatedInformation {
			d.Message += fmt.Sprintf("\n%s %s:%d:%d: %s", word, step.File, step.Line, step.Column, step.Message)
			continue
		}
		file := absolute(step.File)
		at := read(file).At(s.encoding, step.Line, step.Column)
		d.RelatedInformation = append(d.RelatedInformation, lsp.Related{
			Location: lsp.Location{URI: s.uri(file), Range: lsp.Range{Start: at, End: at}},
			Message:  word + " " + step.Message,
		})
	}
	return d
}

// known are the functions by package, those of before where nothing is said today.
func (s *server) known(list []function, res *check.Result) map[string]map[string]function {
	all := make(map[string]map[string]function)
	for path, old := range s.last.functions {
		if res.Nothing || res.Unchecked[path] {
			all[path] = old
		}
	}
	for _, f := range list {
		if all[f.Package] == nil {
			all[f.Package] = make(map[string]function)
		}
		all[f.Package][plain(f.Function.Function)] = f
	}
	return all
}

// directories says which package a directory holds, leaving out that of its
// external tests.
func directories(list []function) map[string]string {
	dirs := make(map[string]string)
	for _, f := range list {
		dir := filepath.Dir(absolute(f.File))
		if old, ok := dirs[dir]; !ok || strings.HasSuffix(old, "_test") {
			dirs[dir] = f.Package
		}
	}
	return dirs
}

// publish tells the editor of files whose diagnostics are not what it knows.
func (s *server) publish(now outcome) {
	s.mu.Lock()
	before := s.last.files
	for dir, path := range s.last.packages { // where nothing can be said today
		if _, ok := now.packages[dir]; !ok && now.functions[path] != nil {
			now.packages[dir] = path
		}
	}
	s.last = now
	s.mu.Unlock()
	var changed []string
	for file, c := range now.files {
		if old := before[file]; old == nil || !reflect.DeepEqual(old.diagnostics, c.diagnostics) {
			changed = append(changed, file)
		}
	}
	for file := range before {
		if now.files[file] == nil {
			changed = append(changed, file)
		}
	}
	slices.Sort(changed)
	for _, file := range changed {
		p := lsp.PublishParams{URI: s.uri(file), Diagnostics: []lsp.Diagnostic{}}
		if c := now.files[file]; c != nil {
			p.Diagnostics = c.diagnostics
		}
		s.notify("textDocument/publishDiagnostics", p)
	}
}
