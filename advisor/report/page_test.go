package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor"
)

var (
	pageFile = flag.String("page", "", "write the page of rich.json to this file, to be looked at")
	pictures = flag.String("pictures", "", "write pictures of the pages to this directory, to be looked at")
)

func render(t testing.TB, p Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPage(t *testing.T) {
	rich := richPage(t)
	pages := map[string]Page{"rich with all": rich, "zero": {Report: new(advisor.Report)}}
	for name, r := range samplesOf(t) {
		pages[name] = Page{Report: r}
	}
	for name, p := range pages {
		page := render(t, p)
		if _, err := skeleton(page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, outside := range []string{"http://", "https://", "src=", "@import", "url("} {
			if name != "hostile" && strings.Contains(page, outside) {
				t.Errorf("%s: the page has %s", name, outside)
			}
		}
	}
	page := render(t, rich)
	if *pageFile != "" {
		if err := os.WriteFile(*pageFile, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range []string{
		"raise the limit of the group", "2.6× to 4.1×", `class="band"`, `class="add"`, "g.SetLimit(40)", "BenchmarkFetchAll",
		"mixed</span> → <span", `data-verdict="refuted"`, `<tr class="h9">`, "smallest good size: 40",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}

// The policy allows the style and script that the page has, to the byte.
func TestPolicy(t *testing.T) {
	page := render(t, richPage(t))
	for _, tag := range []string{"style", "script"} {
		_, body, _ := strings.Cut(page, "<"+tag+">")
		body, _, _ = strings.Cut(body, "</"+tag+">")
		if body == "" || !strings.Contains(Policy(), hash(body)) {
			t.Errorf("the policy refuses the page's %s", tag)
		}
	}
	if strings.Contains(page, " style=") || strings.Contains(page, " onclick=") {
		t.Error("inline style or handler, which the policy refuses")
	}
}

func TestHandler(t *testing.T) {
	h := Handler(richPage(t))
	for path, want := range map[string]struct {
		status int
		kind   string
	}{"/": {200, "text/html"}, "/report.json": {200, "application/json"}, "/other": {404, "text/plain"}} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if kind := w.Header().Get("Content-Type"); w.Code != want.status || !strings.HasPrefix(kind, want.kind) {
			t.Errorf("%s: %d %s", path, w.Code, kind)
		}
		if path == "/report.json" && json.Unmarshal(w.Body.Bytes(), new(advisor.Report)) != nil {
			t.Error("report.json is not a report")
		}
		if path == "/" && !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Error("no policy in the header")
		}
	}
}

// inject appends s to every string and puts x in the place of every float, so
// that nothing of a report is left out when fields are added to it.
func inject(v reflect.Value, s string, x *float64) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + s)
	case reflect.Float64:
		if x != nil {
			v.SetFloat(*x)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			inject(v.Elem(), s, x)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			inject(v.Field(i), s, x)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			inject(v.Index(i), s, x)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			key, value := reflect.New(k.Type()).Elem(), reflect.New(v.Type().Elem()).Elem()
			key.Set(k)
			value.Set(v.MapIndex(k))
			v.SetMapIndex(k, reflect.Value{})
			inject(key, s, nil)
			inject(value, s, x)
			v.SetMapIndex(key, value)
		}
	}
}

func injected(t testing.TB, p Page, s string, x *float64) Page {
	var r advisor.Report
	b, err := json.Marshal(p.Report)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	q := Page{&r, Flame{slices.Clone(p.Flame.Views)}, slices.Clone(p.Source)}
	for i := range q.Flame.Views {
		q.Flame.Views[i].Names = slices.Clone(q.Flame.Views[i].Names)
		q.Flame.Views[i].Kinds = slices.Clone(q.Flame.Views[i].Kinds)
	}
	for i := range q.Source {
		q.Source[i].Lines = slices.Clone(q.Source[i].Lines)
	}
	inject(reflect.ValueOf(&q).Elem(), s, x)
	return q
}

// FuzzPage holds that names are text: a page has the same tags and attributes
// whatever is appended to each string of its report, trees and excerpts.
func FuzzPage(f *testing.F) {
	rich := richPage(f) // cut to one of each, so that a run is short
	r := rich.Report
	r.Advice, r.Findings, r.Classes, rich.Source = r.Advice[:2], r.Findings[:2], r.Classes[5:9], rich.Source[:1]
	for i := range rich.Flame.Views {
		rich.Flame.Views[i].Nodes = rich.Flame.Views[i].Nodes[:9]
	}
	for _, s := range []string{
		"</script><script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "' onmouseover='alert(1)", "--><!--", "]]>",
		"</style>", "{{.}}", "&lt;", "javascript:alert(1)", "\x00", "\xff<", "\u2028", "`${alert(1)}`", "</title><b>",
	} {
		f.Add(s, 1.5)
	}
	f.Add("x", 0.0)
	f.Add("x", -1e308)
	f.Fuzz(func(t *testing.T, s string, x float64) {
		s = "x" + strings.NewReplacer("\n", "", "\r", "").Replace(s) // lines of a diff are elements, rightly
		want, err := skeleton(render(t, injected(t, rich, strings.Repeat("x", 2), &x)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := skeleton(render(t, injected(t, rich, s, &x)))
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q changes the page: %s", s, firstDifference(got, want))
		}
	})
}

func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("tag %d is <%s>, not <%s>", i, got[i], want[i])
		}
	}
	return fmt.Sprintf("%d tags, not %d", len(got), len(want))
}

// A check that could not fail would prove nothing.
func TestSkeletonFails(t *testing.T) {
	page := render(t, injected(t, richPage(t), "@name@", nil))
	want, err := skeleton(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"<b></b>", "<img src=x>", `" x="`, "</p>", "<", "</script><script>", "a & b"} {
		got, err := skeleton(strings.ReplaceAll(page, "@name@", s))
		if err == nil && slices.Equal(got, want) {
			t.Errorf("%q unescaped goes unnoticed", s)
		}
	}
}
