package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/concurlint/concurlint/advisor"
)

// A Page is what a browser shows. Flame and Source may be empty.
type Page struct {
	Report *advisor.Report
	Flame  Flame
	Source []Excerpt
}

//go:embed page
var assets embed.FS

// A look is the page's parts, made when the first page is: the command that the
// go command starts for each package shows none.
type look struct {
	style, script string
	policy        string
	page          *template.Template
}

// parts reads the assets. Each script is one subject; they share the scope of
// one script element, in this order.
var parts = sync.OnceValue(func() look {
	l := look{style: asset("style.css"), script: asset("theme.js") + asset("page.js") + asset("chart.js") + asset("flame.js")}
	l.policy = PolicyFor(l.style, l.script)
	l.page = template.Must(template.New("page.html").Funcs(template.FuncMap{
		"duration":  duration,
		"percent":   percent,
		"factor":    factor,
		"place":     place,
		"setting":   setting,
		"binding":   binding,
		"span":      func(s advisor.Span) string { return span(s, factor) },
		"count":     count,
		"thousands": thousands,
		"capped":    func(c advisor.Cap) string { return glued(capped(c)) },
		"join":      func(list []string) string { return strings.Join(list, ", ") },
		"measured":  measured,
		"claimed":   claimed,
		"effort":    effort,
		"changes":   changes,
		"stake":     atStake,
		"total":     total,
		"word":      word,
		"glued":     glued,
	}).ParseFS(assets, "page/*.html"))
	return l
})

// Policy is the page's content security policy.
func Policy() string { return parts().policy }

// PolicyFor is the policy of a page with one style and one script. It loads nothing
// from anywhere and obeys only these two, so that a name that did get through as
// markup would still do nothing.
func PolicyFor(style, script string) string {
	return "default-src 'none'; img-src data:; style-src " + hash(style) + "; script-src " + hash(script) +
		"; base-uri 'none'; form-action 'none'"
}

// Style is the look that the pages of concurlint share.
func Style() string { return asset("style.css") }

// Script is what their scripts begin with: the selectors $ and $$, and the theme
// behind the button that has the id "theme".
func Script() string { return asset("theme.js") }

func asset(name string) string {
	b, err := assets.ReadFile("page/" + name)
	if err != nil {
		panic(err) // embedded, so missing only if the build is broken
	}
	return string(b)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// HTML writes the page as one file that asks for nothing else and works from a
// disk as well as from a server.
func HTML(w io.Writer, p Page) error {
	return parts().page.Execute(w, newView(p))
}

// Handler serves the page at / and the report as JSON at /report.json. Both are
// made once: a report does not change.
func Handler(p Page) http.Handler {
	mux := http.NewServeMux()
	serve := func(pattern, contentType string, write func(io.Writer) error) {
		var b bytes.Buffer
		err := write(&b)
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			h := w.Header()
			h.Set("X-Content-Type-Options", "nosniff")
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			h.Set("Content-Type", contentType)
			h.Set("Content-Security-Policy", Policy()+"; frame-ancestors 'none'")
			w.Write(b.Bytes()) // an error is the browser's having gone
		})
	}
	serve("GET /{$}", "text/html; charset=utf-8", func(w io.Writer) error { return HTML(w, p) })
	serve("GET /report.json", "application/json", func(w io.Writer) error { return JSON(w, p.Report) })
	return mux
}
