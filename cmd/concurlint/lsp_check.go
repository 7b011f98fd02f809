package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// An outcome is what the rounds of a folder have found out. It is replaced, not
// changed.
type outcome struct {
	files     map[string]*checkedFile        // with findings, by file
	functions map[string]map[string]function // by package and plain name
	packages  map[string]string              // by directory
}

// A checkedFile is a file with findings, and its text when they were made.
type checkedFile struct {
	text        *lsp.Text
	version     *int // of the document; nil if it was not open
	findings    []finding.Finding
	diagnostics []lsp.Diagnostic // of the findings, in their order
}

// Pages are the texts that a round has seen.
type pages struct {
	s        *server
	unsaved  map[string][]byte
	versions map[string]*int
	texts    map[string]*lsp.Text
}

func (p *pages) read(file string) *lsp.Text {
	if p.texts[file] == nil {
		text, unsaved := p.unsaved[file]
		if !unsaved {
			text, _ = os.ReadFile(file)
		}
		p.texts[file] = lsp.NewText(string(text))
	}
	return p.texts[file]
}

// checked makes diagnostics of the findings. Where nothing is said today those of
// before stand, at their places in the text of that time: editors move them along.
func (p *pages) checked(list []finding.Finding, res *check.Result, before outcome) map[string]*checkedFile {
	files := make(map[string]*checkedFile)
	for _, f := range list {
		file := absolute(f.File)
		if old := before.files[file]; old != nil && res.Silent(f.Package) {
			files[file] = old
			continue
		}
		c := files[file]
		if c == nil {
			c = &checkedFile{text: p.read(file), version: p.versions[file]}
			files[file] = c
		}
		c.findings = append(c.findings, f)
		c.diagnostics = append(c.diagnostics, p.diagnostic(f))
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
func (p *pages) diagnostic(f finding.Finding) lsp.Diagnostic {
	s, text := p.s, p.read(absolute(f.File))
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
		at := p.read(file).At(s.encoding, step.Line, step.Column)
		d.RelatedInformation = append(d.RelatedInformation, lsp.Related{
			Location: lsp.Location{URI: s.uri(file), Range: lsp.Range{Start: at, End: at}},
			Message:  word + " " + step.Message,
		})
	}
	return d
}

// with is the functions by package, those of before where nothing is said today.
func (o outcome) with(list []function, res *check.Result) map[string]map[string]function {
	all := make(map[string]map[string]function)
	for path, old := range o.functions {
		if res.Silent(path) {
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
func (o outcome) directories(list []function, res *check.Result) map[string]string {
	dirs := make(map[string]string)
	for _, f := range list {
		dir := filepath.Dir(absolute(f.File))
		if old, ok := dirs[dir]; !ok || strings.HasSuffix(old, "_test") {
			dirs[dir] = f.Package
		}
	}
	for dir, path := range o.packages {
		if _, ok := dirs[dir]; !ok && res.Silent(path) {
			dirs[dir] = path
		}
	}
	return dirs
}
