package output

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// hostile is a name that would be markup.
const hostile = `</script><img src=x onerror=alert(1)>"'`

// pageWith renders n findings over three rules, packages and severities, with one
// that does not count.
func pageWith(t *testing.T, n int) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(file, []byte("package a\n\nfunc f() {\n\tmu.Lock()\n\tg(\"<b>\")\n}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	r := &finding.Report{}
	for i := range n {
		f := finding.Finding{
			Rule: []string{"lockio", "fanout", "poolfit"}[i%3], Severity: settings.Severity(i % 2),
			Package: fmt.Sprintf("example.com/p%d", i%3), Function: "f", File: file, Line: 5, Column: 2, EndLine: 5, EndColumn: 10,
			Message: fmt.Sprintf("finding-%d-x %s", i, hostile), Confidence: 0.5,
			Signals: []evidence.Signal{{Name: "lockio.x", Says: hostile, Points: -3}},
			Chain:   []finding.Step{{File: file, Line: 5, Column: 2, Message: hostile}, {File: file, Line: 5, Column: 2, Message: "net.Dial"}},
			Related: []finding.Step{{File: file, Line: 4, Column: 2, Message: "mu is taken here"}, {File: file, Line: 6, Column: 1, Message: "other"}},
			Fixes:   []finding.Fix{{Message: "Do it", Edits: []finding.Edit{{File: file, Start: 23, End: 25, New: "you"}}}},
		}
		r.Findings = append(r.Findings, f)
	}
	silenced := r.Findings[0]
	silenced.Silence = &finding.Silence{By: finding.ByDirective, Reason: hostile}
	r.Silenced = append(r.Silenced, silenced)
	r.Errors = []finding.Problem{{Message: hostile}}
	var b bytes.Buffer
	if err := html(&b, r, Options{Rules: analyzers.Rules, FailOn: settings.Warning}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHTML(t *testing.T) {
	page := pageWith(t, 6)
	for _, part := range []string{
		"finding-5-x &lt;/script&gt;", `<li class="start">mu is taken here`, `<li class="end">net.Dial`, `<mark>g(&#34;&lt;b&gt;&#34;)</mark>`,
		`<span class="add">&#43;    you.Lock()</span>`, "does not count: directive", `data-state="silenced"`, "50 %<small>",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	for _, part := range []string{"<img", "http://", "https://", " style=", " onclick=", "@import", "url("} {
		if strings.Contains(page, part) {
			t.Errorf("the page has %q", part)
		}
	}
}

// probe clicks and types as a reader does, and leaves in the title what is shown
// after each step.
const probe = `<script>
const seen = [];
const look = name => seen.push(name + '=' + $$('.hit').filter(e => !e.hidden && !e.closest('[hidden]')).length);
const choose = (id, value) => { $(id).value = value; $(id).dispatchEvent(new Event('change')); };
look('all');
$('.chip[data-state=note]').click(); look('no notes');
$('.chip[data-state=silenced]').click(); look('silenced too');
$('.chip[data-state=note]').click();
choose('#rule', 'lockio'); look('lockio');
choose('#package', 'example.com/p1'); look('lockio of p1');
choose('#rule', ''); look('p1');
choose('#package', '');
$('#filter').value = "finding-3-x"; applyFilter(); look('text');
$('#filter').value = 'no such'; applyFilter(); look('nothing');
seen.push('says=' + !$('.none').hidden);
$('#filter').value = ''; applyFilter(); look('again');
$('.hit summary').click(); seen.push('open=' + $('.hit').open);
$('#theme').click(); seen.push('theme=' + document.documentElement.dataset.theme);
seen.push('wide=' + (document.documentElement.scrollWidth > innerWidth));
document.title = seen.join(' ');
</script></body>`

// TestClicks has a browser, where there is one, filter the page by clicks.
func TestClicks(t *testing.T) {
	page := pageWith(t, 60)
	dom, console := browse(t, page, "1200,900")
	if !strings.Contains(dom, ">60 of 61 shown</output>") || console != "" {
		t.Errorf("the page's own script did not run under its policy; console: %s", console)
	}
	open := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`).ReplaceAllString(page, "")
	dom, console = browse(t, strings.Replace(open, "</body>", probe, 1), "390,800")
	if console != "" {
		t.Errorf("console: %s", console)
	}
	const want = "<title>all=60 no notes=30 silenced too=31 lockio=21 lockio of p1=0 p1=20 text=1 nothing=0 says=true again=61 open=true theme=light wide=false</title>"
	if !strings.Contains(dom, want) {
		title := regexp.MustCompile(`<title>.*</title>`).FindString(dom)
		t.Errorf("have %s\nwant %s", title, want)
	}
}

// browse opens the page, and returns it as it is then, and what the console says.
func browse(t *testing.T, page, size string) (dom, console string) {
	t.Helper()
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		t.Skip("no browser on this machine")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--user-data-dir="+filepath.Join(dir, "profile"), "--window-size="+size, "--dump-dom", "file://"+file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("%v\n%s", err, &stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(stderr.String()) {
		if strings.Contains(line, "CONSOLE") {
			console += line
		}
	}
	return string(out), console
}
