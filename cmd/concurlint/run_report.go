package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattn/go-isatty"

	running "github.com/concurlint/concurlint/advisor/run"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
)

// describe says what would run.
func (p *plan) describe(w io.Writer) {
	for i, fn := range p.functions {
		label := "function"
		if len(p.functions) > 1 {
			label = fmt.Sprintf("stage %d", i+1)
		}
		fmt.Fprintf(w, "%-9s %s\n", label, fn.Name)
		fmt.Fprintf(w, "          %s\n", fn.Sig)
		if fn.State != "" {
			fmt.Fprintf(w, "          %s makes the state of each worker\n", fn.State)
		}
		c := p.classes[i]
		fmt.Fprintf(w, "class     %s", c.Class)
		if c.Why != "" {
			fmt.Fprintf(w, ": %s", c.Why)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "inputs    %s\n", p.inputsText())
	fmt.Fprintf(w, "results   %s\n", p.resultsText())
	fmt.Fprintf(w, "executor  %s\n", p.executorText())
	p.describeAdvice(w)
	if p.config.Journal != "" {
		fmt.Fprintf(w, "journal   %s\n", relative(p.config.Journal))
	}
}

func (p *plan) inputsText() string {
	c := p.config
	text := map[string]string{
		running.Lines: "lines of text", running.JSON: "JSON lines", running.CSV: "CSV records by the names in the header",
	}[c.Coding.In]
	if c.Coding.Files {
		text = "contents of the files named by lines"
		if p.config.Coding.In == running.JSON {
			text += ", decoded from JSON"
		}
	}
	if c.Null || c.Args != nil {
		text = strings.NewReplacer("lines of text", "text", "JSON lines", "JSON values", "named by lines", "named").Replace(text)
	}
	switch as := ", as " + p.functions[0].In; {
	case c.Args != nil:
		return running.Count(len(c.Args), "argument") + " of the command line: " + text + as
	case c.Null:
		return text + ", each ended by a zero byte, from standard input" + as
	default:
		return text + ", from standard input" + as
	}
}

func (p *plan) resultsText() string {
	last := p.functions[len(p.functions)-1]
	if last.Out == "" {
		return "none, errors alone"
	}
	text := map[string]string{running.Text: "text", running.JSON: "JSON lines"}[p.config.Coding.Out] + " of " + last.Out
	if p.config.OutDir != "" {
		text += ", each a file in " + relative(p.config.OutDir)
	}
	if p.config.Unordered {
		return text + ", as they come"
	}
	return text + ", in the order of the inputs"
}

func (p *plan) executorText() string {
	c := p.config
	size := ""
	if c.Size > 0 {
		size = fmt.Sprintf(", %d workers", c.Size)
	} else if c.Size < 0 {
		size = fmt.Sprintf(", -j %d", c.Size)
	}
	if c.Executor != "auto" {
		return c.Executor + size + ", as asked for" + p.advisedText()
	}
	return "auto: a pilot of 64 inputs decides" + p.advisedText() + size
}

// advisedText is what is known of the functions before they run: by the file of
// -advice, or by their classes.
func (p *plan) advisedText() (text string) {
	who, verb, asked := "the class", "speaks for", p.config.Executor != "auto"
	if p.opts.run.advice != "" {
		who, verb, asked = "the advice", "is", false
	}
	for i, a := range p.config.Advice {
		of := ""
		if len(p.config.Advice) > 1 {
			of = fmt.Sprintf(" of stage %d", i+1)
		}
		if a.Executor != "" && !asked {
			text += fmt.Sprintf("; %s%s %s %s", who, of, verb, a.Executor)
		}
		if a.Max > 0 {
			text += fmt.Sprintf(", at most %d in flight", a.Max)
		}
	}
	return text
}

// describeAdvice says what the file of -advice has of each function, and on what
// that rests.
func (p *plan) describeAdvice(w io.Writer) {
	if p.opts.run.advice == "" {
		return
	}
	for _, a := range p.config.Advice {
		fmt.Fprintf(w, "advice    %s\n", a.Reason)
	}
}

// relative is a path as people would type it.
func relative(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(dir, path)
	if err != nil || strings.HasPrefix(rel, "..") {
		return path
	}
	return rel
}

// report sums a run up in words.
func (d *display) report(last *running.Event) {
	if !d.words || last.Elapsed == 0 { // it did not begin
		return
	}
	p := d.plan
	d.mu.Lock()
	defer d.mu.Unlock()
	if p.config.Plan {
		fmt.Fprintf(d.w, "%s: %d up to date, %d to make", running.Count(last.Done, "file"), last.Fresh, last.Done-last.Fresh-last.Failed)
		if last.Failed > 0 {
			fmt.Fprintf(d.w, ", %d cannot be made", last.Failed)
		}
		fmt.Fprintln(d.w)
		return
	}
	r := last.Report
	if more := int(last.Failed) - d.told; more > 0 {
		hint := "; -failures FILE keeps them all"
		if p.config.Failures != "" {
			hint = "; " + relative(p.config.Failures) + " has them all"
		}
		fmt.Fprintf(d.w, "concurlint: and %s%s\n", running.Count(more, "more failure"), hint)
	}
	line := fmt.Sprintf("%s in %s, %s", running.Count(last.Done, "input"), spanText(last.Elapsed), rateText(last.Rate))
	if last.Failed > 0 {
		line += fmt.Sprintf(", %d failed", last.Failed)
	}
	if last.Resumed > 0 {
		line += fmt.Sprintf(", %d of them from the journal", last.Resumed)
	}
	if last.Cached > 0 {
		line += fmt.Sprintf(", %d of them from the cache", last.Cached)
	}
	if last.Fresh > 0 {
		line += fmt.Sprintf(", %d of them up to date", last.Fresh)
	}
	if r.Retries > 0 {
		line += ", " + running.Count(r.Retries, "further attempt")
	}
	if r.Abandoned > 0 {
		line += fmt.Sprintf(", %d given up and left running", r.Abandoned)
	}
	fmt.Fprintln(d.w, line)
	if r.Cut > 0 {
		fmt.Fprintf(d.w, "cut       %s of a torn record off the journal\n", running.Count(r.Cut, "byte"))
	}
	if r.Damaged > 0 {
		fmt.Fprintf(d.w, "left out  %s of damage in the journal; what is whole was kept\n", running.Count(r.Damaged, "byte"))
	}
	if last.Executor == "" || last.Done == last.Resumed+last.Cached+last.Fresh {
		return // nothing ran
	}
	for _, c := range p.classes {
		fmt.Fprintf(d.w, "class     %s: %s\n", c.Function, c.Class)
	}
	p.describeAdvice(d.w)
	fmt.Fprintf(d.w, "executor  %s ×%d: %s\n", last.Executor, last.Size, last.Reason)
	d.sizes(r.Trials)
	for _, s := range r.Stages {
		fmt.Fprintf(d.w, "stage     %s: %s ×%d, %.0f%% busy: %s\n", s.Name, s.Executor, s.Size, 100*s.Occupancy, s.Reason)
		d.sizes(s.Trials)
	}
	fmt.Fprintf(d.w, "cpu       %.1fs used, %.0f%% of the cores\n", r.CPU, 100*r.Efficiency)
	if edit := p.sourceEdit(last); edit != "" {
		fmt.Fprintf(d.w, "in Go     %s\n", strings.ReplaceAll(edit, "\n", "\n          "))
	}
}

// sizes prints what each size achieved that was tried.
func (d *display) sizes(trials []running.Trial) {
	if len(trials) == 0 {
		return
	}
	var sizes []string
	for _, t := range trials {
		sizes = append(sizes, fmt.Sprintf("%d: %s", t.Size, rateText(t.Rate)))
	}
	fmt.Fprintf(d.w, "sizes     %s\n", strings.Join(sizes, ", "))
}

// askAboutChange asks a person whether results of a function that has changed
// are still good.
func (p *plan) askAboutChange(ctx context.Context, stderr io.Writer) error {
	c := &p.config
	if c.Journal == "" || c.Force || !c.Resume && !c.ResumeFailed {
		return nil
	}
	header, err := running.ReadHeader(c.Journal)
	if err != nil || header == nil || header.Function == c.Function {
		return nil // the harness says what is wrong
	}
	f, ok := stderr.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) {
		return nil
	}
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return nil
	}
	defer tty.Close()
	fmt.Fprintf(tty, "The function has changed since the journal was begun. Keep its results and go on with the new code? [y/N] ")
	answer := make(chan string, 1)
	go func() { // a read of a terminal cannot be interrupted
		text := make([]byte, 16)
		n, _ := tty.Read(text)
		answer <- strings.ToLower(strings.TrimSpace(string(text[:n])))
	}()
	select {
	case <-ctx.Done():
		return check.ErrInterrupted
	case a := <-answer:
		if a != "y" && a != "yes" {
			return errors.New("not resumed: the function has changed; a new -journal starts afresh")
		}
	}
	c.Force = true
	return nil
}
