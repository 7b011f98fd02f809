package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/profile"
)

var update = flag.Bool("update", false, "write the golden files")

// samplesOf are the reports in testdata, by name.
func samplesOf(t testing.TB) map[string]*advisor.Report {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 5 {
		t.Fatalf("sample reports: %v, %v", files, err)
	}
	reports := make(map[string]*advisor.Report)
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r := new(advisor.Report)
		if err := json.Unmarshal(b, r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		reports[strings.TrimSuffix(filepath.Base(name), ".json")] = r
	}
	return reports
}

// folded reads stacks as lines of "root;…;leaf cpu=MS kind=MS": a trace of the
// service whose report is rich.json.
func folded(t testing.TB, name string) *profile.Evidence {
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	source := &profile.Source{Names: []string{"thumbs.trace"}, Format: profile.Trace}
	e := &profile.Evidence{Sources: []*profile.Source{source}}
	ids := make(map[string]profile.FrameID)
	for line := range strings.Lines(string(b)) {
		path, weights, _ := strings.Cut(strings.TrimSpace(line), " ")
		var s profile.Stack
		for _, f := range strings.Split(path, ";") {
			id, ok := ids[f]
			if !ok {
				id = profile.FrameID(len(e.Frames))
				ids[f] = id
				e.Frames = append(e.Frames, profile.Frame{Func: f})
			}
			s.Frames = append([]profile.FrameID{id}, s.Frames...)
		}
		for _, w := range strings.Fields(weights) {
			kind, ms, _ := strings.Cut(w, "=")
			n, err := strconv.Atoi(ms)
			if err != nil {
				t.Fatalf("%s: %q: %v", name, line, err)
			}
			d := time.Duration(n) * time.Millisecond
			switch kind {
			case "cpu":
				s.CPU = d
			case "runnable":
				s.Runnable.Time = d
			default:
				s.Waits[kindNamed(t, kind)].Time = d
			}
		}
		source.Stacks = append(source.Stacks, s)
	}
	return e
}

func kindNamed(t testing.TB, name string) profile.Kind {
	for k := range profile.NumKinds {
		if k.String() == name {
			return k
		}
	}
	t.Fatalf("no kind %q", name)
	return 0
}

func richPage(t testing.TB) Page {
	r := samplesOf(t)["rich"]
	return Page{r, NewFlame(folded(t, "testdata/rich.folded")), Excerpts(os.DirFS("testdata/thumbs"), r)}
}

func TestText(t *testing.T) {
	for name, r := range samplesOf(t) {
		for suffix, opts := range map[string]Options{"": {}, "-explain": {Width: 110, Explain: true}} {
			var b bytes.Buffer
			if err := Text(&b, r, opts); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", name+suffix+".txt"), b.Bytes())
			for i, line := range strings.Split(b.String(), "\n") {
				if strings.TrimRight(line, " \t") != line {
					t.Errorf("%s%s:%d: trailing space", name, suffix, i+1)
				}
				if strings.IndexFunc(line, hidden) >= 0 {
					t.Errorf("%s%s:%d: a terminal would obey %q", name, suffix, i+1, line)
				}
			}
			var tinted bytes.Buffer
			opts.Color = true
			if err := Text(&tinted, r, opts); err != nil {
				t.Fatal(err)
			}
			if got := escapes.Replace(tinted.String()); got != b.String() {
				t.Errorf("%s%s: colours change more than colours:\n%s", name, suffix, got)
			}
		}
	}
}

// escapes removes the tints that a report uses.
var escapes = func() *strings.Replacer {
	var list []string
	for _, code := range []string{"1", "2", "31;1", "33;1", "32", "36", "0", "22", "0;22", "0;22;22", "22;0", "0;0", "22;22", "0;22;0"} {
		list = append(list, "\x1b["+code+"m", "")
	}
	return strings.NewReplacer(list...)
}()

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update writes it), got:\n%s", name, got)
	}
}

func TestJSON(t *testing.T) {
	reports := samplesOf(t)
	reports["zero"] = &advisor.Report{Findings: make([]advisor.Judged, 1), Advice: make([]advisor.Advice, 1), Classes: make([]advisor.Measured, 1)}
	for name, r := range reports {
		var b, again bytes.Buffer
		if err := JSON(&b, r); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b.Bytes(), []byte(`\u003c`)) {
			t.Errorf("%s: < is escaped", name)
		}
		back := new(advisor.Report)
		if err := json.Unmarshal(b.Bytes(), back); err != nil {
			t.Fatal(err)
		}
		if err := JSON(&again, back); err != nil {
			t.Fatal(err)
		}
		if b.String() != again.String() {
			t.Errorf("%s: reading and writing again changes it", name)
		}
		for line := range strings.Lines(b.String()) {
			if key, null := strings.CutSuffix(strings.TrimRight(line, ",\n"), ": null"); null {
				t.Errorf("%s: %s is null", name, strings.TrimSpace(key))
			}
		}
	}
}

// What a run spoke against is not worth doing; the same throughput speaks for
// fewer in flight, which the run's size tells.
func TestWorthDoing(t *testing.T) {
	for _, c := range []struct {
		action   string
		verified *advisor.Verified
		want     bool
	}{
		{"more", nil, true},
		{"keep", nil, false},
		{"more", &advisor.Verified{Claim: "faster", Size: 8}, true},
		{"more", &advisor.Verified{Claim: "unclear"}, true},
		{"more", &advisor.Verified{Claim: "slower"}, false},
		{"more", &advisor.Verified{Claim: "same"}, false},
		{"fewer", &advisor.Verified{Claim: "same", Size: 8}, true},
	} {
		if got := worthDoing(&advisor.Advice{Action: c.action, Verified: c.verified}); got != c.want {
			t.Errorf("%s, %+v: %v, want %v", c.action, c.verified, got, c.want)
		}
	}
}

// Each figure has its interval; what could not be told from the start of the
// process is no figure.
func TestMeasured(t *testing.T) {
	v := advisor.Verified{Benchmark: "BenchmarkA", Claim: "faster", Wall: advisor.Change{Ratio: 0.5, Span: advisor.Span{0.48, 0.53}}, Runs: 10, Noise: 0.02}
	for _, c := range []struct {
		throughput, cpu advisor.Change
		unit, want      string
	}{
		{want: "BenchmarkA: faster, wall time 0.5× (0.48× to 0.53×), 10 runs a side, noise 2 %"},
		{advisor.Change{Ratio: 2, Span: advisor.Span{1.9, 2.1}}, advisor.Change{Ratio: 1.05, Span: advisor.Span{1.01, 1.08}}, "rows/s",
			"BenchmarkA: faster, wall time 0.5× (0.48× to 0.53×), throughput 2× (1.9× to 2.1×) in rows/s, CPU per operation 1.05× (1.01× to 1.08×), 10 runs a side, noise 2 %"},
	} {
		v.Throughput, v.CPU, v.Unit = c.throughput, c.cpu, c.unit
		if got := measured(&v); got != c.want {
			t.Errorf("have %q, want %q", got, c.want)
		}
	}
	v = advisor.Verified{Benchmark: "BenchmarkA, BenchmarkB", Together: 2, Claim: "unclear", Runs: 10, Noise: 0.02}
	if got, want := measured(&v), "2 benchmarks together (BenchmarkA, BenchmarkB): not to be told apart, 10 runs a side, noise 2 %"; got != want {
		t.Errorf("have %q, want %q", got, want)
	}
}

// A size with too few runs for an interval is no part of the band and says so; the
// unit is that of a rate, which says "a second" already.
func TestCurve(t *testing.T) {
	at := func(size int, ops, low, high float64, runs int) advisor.Point {
		return advisor.Point{Size: size, Ops: ops, Span: advisor.Span{low, high}, Runs: runs}
	}
	v := &advisor.Verified{Unit: "operations a second", Size: 2, Curve: []advisor.Point{
		at(1, 10, 0, 0, 1), at(2, 20, 19, 21, 12), at(4, 21, 20, 22, 12), at(8, 15, 0, 0, 3), at(16, 14, 13, 15, 12),
	}}
	c := newCurve(&advisor.Advice{Verified: v})
	var texts, single []string
	for _, p := range c.Points {
		texts = append(texts, p.Text)
		single = append(single, strconv.FormatBool(p.Single))
	}
	if got, want := strings.Join(single, " "), "true false false true false"; got != want || !c.Single || !c.Told {
		t.Errorf("single runs: %s, want %s", got, want)
	}
	if len(c.Bands) != 1 || strings.Count(c.Bands[0], ",") != 4 {
		t.Errorf("bands %q, want one around sizes 2 and 4", c.Bands)
	}
	if texts[0] != "size 1: 10 (1 run) operations a second, too few for an interval" || !strings.HasPrefix(texts[1], "size 2: 20 (19 to 21) operations a second, the smallest") {
		t.Errorf("points %q", texts)
	}
	if got, want := curveText(v), "1: 10 (1 run), 2: 20 (19 to 21), 4: 21 (20 to 22), 8: 15 (3 runs), 16: 14 (13 to 15) operations a second; where runs are given, they were too few for an interval"; got != want {
		t.Errorf("have %q, want %q", got, want)
	}
}

// The page ranks sites by the time at stake, what is to be kept among them, and
// unfolds what is worth doing.
func TestRank(t *testing.T) {
	r := &advisor.Report{}
	for i, stake := range []float64{0.2, 0.1, 0.2, 0.3, 0.9} {
		a := advisor.Advice{Action: "more", Stake: stake, Site: advisor.Site{Place: advisor.Place{File: "a.go", Line: 9 - i}}}
		if i == 4 {
			a.Action = "keep"
		}
		r.Advice = append(r.Advice, a)
	}
	cards, _ := newCards(r, nil)
	var got []string
	for _, c := range cards {
		got = append(got, fmt.Sprintf("%d/%d/%d %t", c.Rank, c.Saves, c.Where, c.Open))
	}
	if want := "1/5/1 false, 2/4/2 true, 3/1/5 true, 4/3/3 false, 5/2/4 false"; strings.Join(got, ", ") != want {
		t.Errorf("have %s, want %s", strings.Join(got, ", "), want)
	}
}

// Five pieces are shown, those that save most, and the rest is counted; what is to
// be kept is none of either.
func TestFive(t *testing.T) {
	r := &advisor.Report{}
	for i := range 9 {
		a := advisor.Advice{Title: fmt.Sprintf("do thing %d", i+1), Action: "more", Stake: 1 - float64(i)/10, Gain: advisor.Span{1, 2}}
		if i >= 7 {
			a.Action = "keep"
		}
		r.Advice = append(r.Advice, a)
	}
	const rest = "2 more with less at stake; -explain, -html and -format json have them"
	for _, c := range []struct {
		advice  int
		explain bool
		shown   int
		rest    bool
	}{{9, false, 5, true}, {9, true, 7, false}, {5, false, 5, false}, {4, false, 4, false}} {
		var b strings.Builder
		cut := &advisor.Report{Advice: r.Advice[:c.advice]}
		if err := Text(&b, cut, Options{Explain: c.explain}); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		last := fmt.Sprintf("%d. do thing %d", c.shown, c.shown)
		if strings.Count(text, ". do thing") != c.shown || !strings.Contains(text, last) || strings.Contains(text, rest) != c.rest {
			t.Errorf("%d pieces, explain %t: want %d, and the rest counted: %t\n%s", c.advice, c.explain, c.shown, c.rest, text)
		}
	}
}

// A confirmed finding stands by itself unless some advice is about it: by its
// fingerprint, or at the place of the site or of its limit.
func TestTodo(t *testing.T) {
	at := func(line int) advisor.Place { return advisor.Place{File: "a.go", Line: line} }
	finding := func(line int, verdict, print string, stake float64) advisor.Judged {
		f := advisor.Finding{Rule: "lockio", File: "a.go", Line: line, Fingerprint: print}
		return advisor.Judged{Finding: f, Verdict: verdict, Stake: stake}
	}
	r := &advisor.Report{
		Seconds: 10,
		Advice: []advisor.Advice{
			{Action: "more", Site: advisor.Site{Place: at(1), Limit: advisor.Limit{Place: at(2)}}, Stake: 0.8, Gain: advisor.Span{1, 2}, Finding: "x"},
			{Action: "keep", Site: advisor.Site{Place: at(3)}, Stake: 1, Gain: advisor.Span{1, 1}},
		},
		Findings: []advisor.Judged{
			finding(9, advisor.Confirmed, "x", 9), finding(1, advisor.Confirmed, "a", 9), finding(2, advisor.Confirmed, "b", 9),
			finding(3, advisor.Confirmed, "c", 9), finding(7, advisor.Refuted, "d", 9), finding(5, advisor.Confirmed, "e", 1),
			finding(6, advisor.Confirmed, "f", 7),
		},
	}
	var got []int
	for _, task := range todo(r) {
		if task.finding != nil {
			got = append(got, task.finding.Line)
		} else {
			got = append(got, task.advice.Site.Line)
		}
	}
	if want := []int{6, 1, 5}; !slices.Equal(got, want) {
		t.Errorf("lines %v, want %v", got, want)
	}
}
