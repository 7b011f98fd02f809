package output

import (
	"fmt"
	"io"
	"strings"

	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

var githubCommands = map[settings.Severity]string{
	settings.Error:   "error",
	settings.Warning: "warning",
	settings.Note:    "notice",
}

// GitHub reads a percent-encoded message; the properties also end at a comma
// and a colon.
var (
	githubMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// github writes workflow commands, which GitHub shows as annotations.
func github(w io.Writer, r *finding.Report, opts Options) error {
	src := make(sources)
	for _, f := range r.Findings {
		text := worded(f, opts)
		end := ""
		if f.EndLine == f.Line { // otherwise GitHub drops the annotation
			end = fmt.Sprintf(",endColumn=%d", src.utf16Column(f.File, f.EndLine, f.EndColumn))
		}
		_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,endLine=%d,col=%d%s,title=%s::%s\n",
			githubCommands[f.Severity], githubProperty.Replace(opts.path(f.File)), f.Line, f.EndLine,
			src.utf16Column(f.File, f.Line, f.Column), end,
			githubProperty.Replace("concurlint "+f.Rule), githubMessage.Replace(text))
		if err != nil {
			return err
		}
	}
	return nil
}
