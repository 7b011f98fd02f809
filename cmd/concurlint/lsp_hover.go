package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// hover shows what is known of the function at a place, where it is declared or
// named, and why the findings there are thought to be some. It returns nil where
// there is neither.
func (s *server) hover(p lsp.PlaceParams) (*lsp.Hover, error) {
	file := lsp.File(p.TextDocument.URI)
	text, ok := s.text(file)
	f := s.speaker(file)
	if !ok || f == nil {
		return nil, nil
	}
	c := f.outcome()
	path, ours := c.packages[filepath.Dir(file)]
	if !ours {
		return nil, nil
	}
	var parts []string
	hover := &lsp.Hover{}
	if at := s.nameAt(path, file, text.Offset(s.encoding, p.Position)); at != nil {
		if what := f.about(c, at); what != "" {
			parts = append(parts, what)
			hover.Range = &lsp.Range{Start: text.AtOffset(s.encoding, at.start), End: text.AtOffset(s.encoding, at.end)}
		}
	}
	if f := c.files[file]; f != nil {
		parts = append(parts, whyFound(f, p.Position)...)
	}
	if len(parts) == 0 {
		return nil, nil
	}
	hover.Contents = lsp.Markup{Kind: "markdown", Value: strings.Join(parts, "\n\n")}
	return hover, nil
}

// about says what is known of a function, nothing if it is nothing.
func (f *folder) about(c outcome, at *name) string {
	var b strings.Builder
	if fn, ok := c.functions[at.Path][at.plain()]; ok {
		fmt.Fprintf(&b, "**concurlint**: class `%s`, cpu %s", fn.Class, fn.CPU)
		for _, e := range fn.Effects {
			fmt.Fprintf(&b, "\n- %s, %s, %s", e.Kind, e.Certainty, e.Bound)
			for _, step := range e.Chain {
				fmt.Fprintf(&b, "\n  - via `%s`%s", step.Message, f.s.link(step.File, step.Line))
			}
		}
		return b.String()
	}
	lines := known(f.opts.base.Effect(at.Symbol))
	if len(lines) == 0 {
		return ""
	}
	b.WriteString("**concurlint**: described in its knowledge")
	for _, l := range lines {
		b.WriteString("\n- " + l)
	}
	return b.String()
}

// link leads to a line of a file that is known in full.
func (s *server) link(file string, line int) string {
	switch {
	case file == "":
		return ""
	case !filepath.IsAbs(file):
		return fmt.Sprintf(" (%s:%d)", file, line)
	}
	return fmt.Sprintf(" ([%s:%d](%s#L%d))", filepath.Base(file), line, s.uri(file), line)
}

// whyFound says for each finding at the place what speaks for it and against it, and
// shows the edit to think about.
func whyFound(c *checkedFile, at lsp.Position) (parts []string) {
	for i, f := range c.findings {
		if r := c.diagnostics[i].Range; !r.Holds(at) {
			continue
		}
		var b strings.Builder
		fmt.Fprintf(&b, "**%s**: confidence %.2f", f.Rule, f.Confidence)
		for _, signal := range f.Signals {
			fmt.Fprintf(&b, "\n- %s (%+d)", signal.Says, signal.Points)
		}
		if f.Proposal != nil {
			fmt.Fprintf(&b, "\n\n%s:\n\n```diff\n%s```", f.Proposal.Message, f.Proposal.Diff)
		}
		parts = append(parts, b.String())
	}
	return parts
}
