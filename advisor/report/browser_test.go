package report

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// tooWide are elements that reach beyond the window's right edge, outside of what
// scrolls by itself; everything is unfolded for it.
const tooWide = `(async () => {
  document.querySelectorAll('details').forEach(d => { d.open = true; });
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const page = document.documentElement, list = [];
  if (page.scrollWidth > page.clientWidth) list.push('the page is ' + page.scrollWidth + ' wide');
  for (const e of document.body.querySelectorAll('*')) {
    if (e.getBoundingClientRect().right <= page.clientWidth + 1 || e.closest('svg, dialog, .skip')) continue;
    let p = e.parentElement;
    while (p && getComputedStyle(p).overflowX === 'visible') p = p.parentElement;
    if (!p || p === document.body || p === page) list.push(e.tagName + '.' + e.className);
  }
  return list;
})()`

// TestBrowser looks at the page in a real browser: nothing is asked for, nothing
// complains, nothing is wider than a phone, each theme has its colours, and names
// that are markup are text.
func TestBrowser(t *testing.T) {
	b := startBrowser(t)
	rich := richPage(t)
	pages := map[string]Page{
		"rich":    rich,
		"empty":   {Report: samplesOf(t)["empty"]},
		"hostile": injected(t, rich, `</script><script>alert(1)</script><img src=x onerror=alert(2)>`, nil),
	}
	colours := map[string][]string{"light": {"rgb(251, 251, 250)", "rgb(29, 33, 38)"}, "dark": {"rgb(20, 22, 26)", "rgb(230, 232, 235)"}}
	for name, p := range pages {
		server := httptest.NewServer(Handler(p))
		defer server.Close()
		url := server.URL + "/"
		for theme, want := range colours {
			for _, width := range []int{1280, 390} {
				b.open(url, width, theme)
				where := fmt.Sprintf("%s, %s, %d", name, theme, width)
				if list := eval[[]string](b, tooWide); len(list) > 0 {
					t.Errorf("%s: wider than the window: %s", where, list)
				}
				if got := eval[[]string](b, `(s => [s.backgroundColor, s.color])(getComputedStyle(document.documentElement))`); !slices.Equal(got, want) {
					t.Errorf("%s: colours %s, want %s", where, got, want)
				}
				if n := eval[[]int](b, `[document.scripts.length, document.querySelectorAll('img, iframe, object, embed, base, form:not([method=dialog])').length]`); !slices.Equal(n, []int{2, 0}) {
					t.Errorf("%s: %d scripts and foreign elements, want 2 and none", where, n)
				}
				b.shoot(strings.ReplaceAll(where, ", ", "-"))
				if list := b.complaints(url); len(list) > 0 {
					t.Errorf("%s: %s", where, strings.Join(list, "\n"))
				}
			}
		}
		if name == "hostile" && !eval[bool](b, `document.body.innerText.includes('<img src=x onerror=alert(2)>')`) {
			t.Error("a name that is markup is not shown as text")
		}
	}
}

// The keyboard gets everywhere: the advice in each order, its folds, the filter.
func TestKeyboard(t *testing.T) {
	b := startBrowser(t)
	p := richPage(t)
	for i, stake := range []float64{0.5, 0.1, 0.3, 0.3, 0.9} { // the last is what is to be kept
		p.Report.Advice[i].Stake = stake
	}
	server := httptest.NewServer(Handler(p))
	defer server.Close()
	b.open(server.URL+"/", 1280, "light")
	order := func() string {
		return eval[string](b, `[...document.querySelectorAll('.card')].map(c => c.dataset.saves + ':' + c.querySelector('.rank').textContent).join(' ')`)
	}
	for i, want := range []string{"5:1 1:2 3:3 4:4 2:5", "1:1 2:2 3:3 4:4 5:5", "1:1 4:2 3:3 2:4 5:5"} {
		if i > 0 {
			b.press("o", "ArrowDown")
		}
		if got := order(); got != want {
			t.Errorf("%s: %s, want %s", eval[string](b, `document.querySelector('#ordered').textContent`), got, want)
		}
	}
	b.press("Escape", "Tab")
	for _, c := range []struct{ key, expression, want string }{
		{"j", `document.activeElement.closest('.card')?.id ?? ''`, "advice-4"},
		{"Enter", `String(document.activeElement.closest('details').open)`, "false"},
		{"?", `String(document.querySelector('#help').open)`, "true"},
		{"Escape", `String(document.querySelector('#help').open)`, "false"},
		{"t", `document.documentElement.dataset.theme`, "light"},
		{"t", `getComputedStyle(document.documentElement).backgroundColor`, "rgb(20, 22, 26)"},
		{"f", `document.activeElement.className.split(' ')[0]`, "fb"},
		{"/", `document.activeElement.id`, "filter"},
	} {
		b.press(c.key)
		if got := eval[string](b, c.expression); got != c.want {
			t.Errorf("%s: %q, want %q", c.key, got, c.want)
		}
	}
	if list := b.complaints(server.URL + "/"); len(list) > 0 {
		t.Error(strings.Join(list, "\n"))
	}
}
