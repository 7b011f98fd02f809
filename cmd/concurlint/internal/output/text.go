package output

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// The colours; package color drops them where the terminal or NO_COLOR says so.
var (
	bold       = color.New(color.Bold).SprintFunc()
	faint      = color.New(color.Faint).SprintFunc()
	markerTint = color.New(color.FgGreen).SprintFunc()
	tints      = map[settings.Severity]func(...any) string{
		settings.Error:   color.New(color.FgRed, color.Bold).SprintFunc(),
		settings.Warning: color.New(color.FgYellow, color.Bold).SprintFunc(),
		settings.Note:    color.New(color.FgCyan).SprintFunc(),
	}
)

// longest is the longest source line worth showing; longer ones are data.
const longest = 300

// Text writes the report for people: each finding with its source line, the way
// down to the primitive and the other sites, and a line that sums up.
func Text(w io.Writer, r *finding.Report, opts Options) error {
	src := make(sources)
	for _, g := range alike(r.Findings) {
		if err := writeFinding(w, src, g[0], g[1:]...); err != nil {
			return err
		}
	}
	if len(r.Errors) > 0 && len(r.Findings)+len(r.Hidden) == 0 {
		return nil // "no findings" would reassure where nothing was checked
	}
	if _, err := fmt.Fprintln(w, summary(r, opts)); err != nil || len(r.Doubtful) == 0 {
		return err
	}
	_, err := fmt.Fprintln(w, unsaid(r.Doubtful))
	return err
}

// mostUnsaid is how many packages are named that were not checked: about what fits on a line.
const mostUnsaid = 6

// unsaid is a line that keeps silence from being taken for praise: the packages of which
// nothing is said, or not all, as they or what they import does not load.
func unsaid(packages []string) string {
	text := fmt.Sprintf("nothing, or not all, is said of %s: %s", count(len(packages), "package"), strings.Join(packages[:min(mostUnsaid, len(packages))], ", "))
	if more := len(packages) - mostUnsaid; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// alike puts notes together that say the same of one lock or loop or, where they speak of
// no other place, the same word for word in one package, and warnings that have one cause.
// They stand where the first of them does: who leaves one as it is leaves all of them, and
// who mends one reads on.
func alike(list []finding.Finding) [][]finding.Finding {
	type subject struct {
		rule, reason   string
		severity       settings.Severity
		cause          string // of those that have one
		file, function string
		of             finding.Step // where the lock is taken, or the loop
		where, message string       // the package, of those that have no such place
	}
	var groups [][]finding.Finding
	first := make(map[subject]int)
	for _, f := range list {
		s := subject{rule: f.Rule, severity: f.Severity}
		switch {
		case f.Severity != settings.Note && f.Cause == "":
			groups = append(groups, []finding.Finding{f})
			continue
		case f.Severity != settings.Note:
			s.cause = f.Cause
		case len(f.Related) > 0:
			s.reason, s.file, s.function, s.of = doubts(f), f.File, f.Function, f.Related[0]
		default:
			s.reason, s.where, s.message = doubts(f), f.Package, f.Message
		}
		if i, ok := first[s]; ok {
			groups[i] = append(groups[i], f)
			continue
		}
		first[s] = len(groups)
		groups = append(groups, []finding.Finding{f})
	}
	return groups
}

// writeFinding writes a finding in full, and one line for each that is like it.
func writeFinding(w io.Writer, src sources, f finding.Finding, others ...finding.Finding) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s\n", bold(place(f.File, f.Line, f.Column)), tints[f.Severity](f.Severity), f.Message)
	if line := src.line(f.File, f.Line); line != "" && len(line) <= longest {
		end := f.EndColumn
		if f.EndLine != f.Line {
			end = len(line) + 1
		}
		text, marker := mark(line, f.Column, end)
		fmt.Fprintf(&b, "%s %s\n", faint(fmt.Sprintf("%6d |", f.Line)), text)
		fmt.Fprintf(&b, "%s %s\n", faint("       |"), markerTint(marker))
	}
	if f.Severity == settings.Note {
		fmt.Fprintf(&b, "    %s %s\n", faint("why"), doubts(f))
	}
	for _, s := range f.Chain {
		writeStep(&b, "via", s)
	}
	for _, s := range f.Related {
		writeStep(&b, "see", s)
	}
	for _, o := range others {
		writeStep(&b, "also", finding.Step{File: o.File, Line: o.Line, Column: o.Column, Message: o.Message})
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mostDoubts is how many reasons a reader is given for a note.
const mostDoubts = 3

// doubts says why a note is one: "a note, as confidence is 48 %: the wait has a deadline".
func doubts(f finding.Finding) string {
	j := evidence.Judgement{Confidence: f.Confidence, Signals: f.Signals}
	if j.Confidence >= evidence.Sure {
		return fmt.Sprintf("a note, though confidence is %.0f %%: %s", 100*f.Confidence, j.Reason())
	}
	var says []string
	for _, s := range j.Doubts() {
		says = append(says, s.Says)
	}
	if len(says) == 0 {
		says = append(says, j.Reason())
	}
	return fmt.Sprintf("a note, as confidence is %.0f %%: %s", 100*f.Confidence, strings.Join(says[:min(mostDoubts, len(says))], "; "))
}

func writeStep(b *strings.Builder, word string, s finding.Step) {
	at := ""
	if s.File != "" {
		at = place(s.File, s.Line, s.Column) + ": "
	}
	fmt.Fprintf(b, "    %s %s%s\n", faint(word), at, s.Message)
}

// place is file:line:column, as far as it is known.
func place(file string, line, column int) string {
	if line > 0 {
		file += ":" + strconv.Itoa(line)
		if column > 0 {
			file += ":" + strconv.Itoa(column)
		}
	}
	return file
}

// summary is one line: "3 findings (1 error, 2 warnings) in 2 packages; 4 notes
// hidden, -severity note shows them".
func summary(r *finding.Report, opts Options) string {
	text := "no findings"
	if n := len(r.Findings); n > 0 {
		packages := make(map[string]bool)
		for _, f := range r.Findings {
			packages[f.Package] = true
		}
		text = fmt.Sprintf("%s (%s) in %s", count(n, "finding"), bySeverity(r.Findings), count(len(packages), "package"))
	}
	if len(r.Errors) > 0 {
		text += " in what could be checked"
	}
	if r.Known > 0 {
		text += fmt.Sprintf("; %d known", r.Known)
	}
	if len(r.Hidden) == 0 {
		return text
	}
	least, worst := settings.Error, settings.Note
	for _, f := range r.Hidden {
		least, worst = min(least, f.Severity), max(worst, f.Severity)
	}
	them, count := "them", "they count"
	if len(r.Hidden) == 1 {
		them, count = "it", "it counts"
	}
	text += fmt.Sprintf("; %s hidden, -severity %s shows %s", bySeverity(r.Hidden), least, them)
	if worst >= opts.FailOn {
		text += fmt.Sprintf("; %s, -fail-on is %s", count, opts.FailOn)
	}
	return text
}

func bySeverity(list []finding.Finding) string {
	numbers := make(map[settings.Severity]int)
	for _, f := range list {
		numbers[f.Severity]++
	}
	var words []string
	for s := settings.Error; s >= settings.Note; s-- {
		if n := numbers[s]; n > 0 {
			words = append(words, count(n, s.String()))
		}
	}
	return strings.Join(words, ", ")
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
