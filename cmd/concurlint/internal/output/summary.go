package output

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// mostSummary is the number of bytes of findings in a summary; GitHub refuses one
// of more than a mebibyte.
const mostSummary = 900_000

// Summary writes the findings in Markdown, for the page of a job: of the
// annotations GitHub shows ten of each severity. Blob is the address below which
// the repository's files are, empty where that is unknown.
func Summary(w io.Writer, r *finding.Report, opts Options, blob string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### concurlint: %s\n\n", summary(r, opts))
	for _, e := range r.Errors {
		fmt.Fprintf(&b, "- **could not be checked**: %s\n", markdownText(e.Message))
	}
	if len(r.Findings) > 0 {
		b.WriteString("| | place | finding |\n|---|---|---|\n")
	}
	for i, f := range r.Findings {
		row := summaryRow(f, opts, blob)
		if b.Len()+len(row) > mostSummary {
			fmt.Fprintf(&b, "\nand %d more\n", len(r.Findings)-i)
			break
		}
		b.WriteString(row)
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}

var summaryMarks = map[settings.Severity]string{
	settings.Error:   "🛑",
	settings.Warning: "⚠️",
	settings.Note:    "ℹ️",
}

func summaryRow(f finding.Finding, opts Options, blob string) string {
	text := markdownText(f.Message)
	var steps []string
	for _, s := range f.Chain {
		steps = append(steps, "via "+link(s.File, s.Line, opts, blob)+" "+markdownText(s.Message))
	}
	for _, s := range f.Related {
		steps = append(steps, "see "+link(s.File, s.Line, opts, blob)+" "+markdownText(s.Message))
	}
	if len(steps) > 0 {
		text += "<details><summary>why</summary>" + strings.Join(steps, "<br>") + "</details>"
	}
	return fmt.Sprintf("| %s %s | %s | %s |\n", summaryMarks[f.Severity], f.Severity, link(f.File, f.Line, opts, blob), text)
}

// link is a place by its name, and where possible by its address.
func link(file string, line int, opts Options, blob string) string {
	name := opts.path(file)
	text := markdownText(place(name, line, 0))
	if blob == "" || file == "" || strings.HasPrefix(name, "/") || strings.HasPrefix(name, "../") {
		return text
	}
	return fmt.Sprintf("[%s](%s%s#L%d)", text, blob, (&url.URL{Path: name}).EscapedPath(), line)
}

// markdownText keeps text from being read as Markdown or HTML, or as the end of a
// cell.
func markdownText(text string) string {
	return markdownEscapes.Replace(text)
}

var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "\n", "<br>", "\r", "",
	`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "#", `\#`, "~", `\~`, "@", "&#64;",
)
