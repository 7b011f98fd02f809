package output

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/concurlint/concurlint/advisor/report"
	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

//go:embed page
var pageFiles embed.FS

// A pageLook is what all pages have in common, made when the first is.
type pageLook struct {
	style, script string
	page          *template.Template
}

var look = sync.OnceValue(func() pageLook {
	return pageLook{
		style:  report.Style() + pageFile("page.css"),
		script: report.Script() + pageFile("page.js"),
		page:   template.Must(template.New("page.html").ParseFS(pageFiles, "page/page.html")),
	}
})

func pageFile(name string) string {
	b, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		panic(err) // embedded, so missing only if the build is broken
	}
	return string(b)
}

// A page is what the template shows.
type page struct {
	Policy   string
	Style    template.CSS
	Script   template.JS
	Headline string
	Rules    []tally
	States   []tally
	Packages []string
	Errors   []finding.Problem
	Chunks   [][]pageFinding
}

// A tally is how many findings have something in common.
type tally struct {
	Name, Note string
	N          int
	On         bool // shown at first
}

// chunkSize is how many findings the browser draws together: it leaves out those
// that are far from what is seen.
const chunkSize = 50

// silencedState is the state of findings that do not count, whatever their severity.
const silencedState = "silenced"

// html writes one file that asks for nothing else and works from a disk.
func html(w io.Writer, r *finding.Report, opts Options) error {
	l := look()
	p := page{
		Policy:   report.PolicyFor(l.style, l.script),
		Style:    template.CSS(l.style),
		Script:   template.JS(l.script),
		Headline: summary(r, opts),
		Errors:   r.Errors,
	}
	src := make(sources)
	var all []pageFinding
	for _, f := range slices.Concat(r.Findings, r.Silenced) {
		all = append(all, pageOf(src, f, opts))
	}
	p.count(all)
	p.Chunks = slices.Collect(slices.Chunk(all, chunkSize))
	return l.page.Execute(w, p)
}

// count fills in what the page offers as filters.
func (p *page) count(all []pageFinding) {
	rules, states, packages := make(map[string]int), make(map[string]int), make(map[string]bool)
	silenced := make(map[string]int)
	for _, f := range all {
		states[f.State]++
		packages[f.Package] = true
		rules[f.Rule] += 0
		if f.Silence != nil {
			silenced[f.Rule]++
			continue
		}
		rules[f.Rule]++
	}
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		t := tally{Name: name, N: rules[name]}
		if n := silenced[name]; n > 0 {
			t.Note = fmt.Sprintf("and %d silenced", n)
		}
		p.Rules = append(p.Rules, t)
	}
	slices.SortStableFunc(p.Rules, func(a, b tally) int { return cmp.Compare(b.N, a.N) })
	for s := settings.Error; s >= settings.Note; s-- {
		if n := states[s.String()]; n > 0 {
			p.States = append(p.States, tally{Name: s.String(), N: n, On: true})
		}
	}
	if n := states[silencedState]; n > 0 {
		p.States = append(p.States, tally{Name: silencedState, N: n})
	}
	p.Packages = slices.Sorted(maps.Keys(packages))
}

// shownCode is a line of source as the page shows it.
func shownCode(line string) string {
	if len(line) > longest {
		line = strings.ToValidUTF8(line[:longest], "") + "…"
	}
	return strings.Map(printable, strings.ReplaceAll(line, "\t", "    "))
}
