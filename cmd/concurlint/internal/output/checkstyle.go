package output

import (
	"encoding/xml"
	"io"

	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

type (
	checkstyleReport struct {
		XMLName xml.Name         `xml:"checkstyle"`
		Version string           `xml:"version,attr"`
		Files   []checkstyleFile `xml:"file"`
	}
	checkstyleFile struct {
		Name   string            `xml:"name,attr"`
		Errors []checkstyleError `xml:"error"`
	}
	checkstyleError struct {
		Line     int    `xml:"line,attr"`
		Column   int    `xml:"column,attr"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
)

var checkstyleSeverities = map[settings.Severity]string{
	settings.Error:   "error",
	settings.Warning: "warning",
	settings.Note:    "info",
}

// checkstyle writes XML as Checkstyle does, which Jenkins and others read. The
// findings are sorted, so that those of a file stand together.
func checkstyle(w io.Writer, r *finding.Report, opts Options) error {
	rep := checkstyleReport{Version: "5.0"}
	for _, f := range r.Findings {
		name := opts.path(f.File)
		if n := len(rep.Files); n == 0 || rep.Files[n-1].Name != name {
			rep.Files = append(rep.Files, checkstyleFile{Name: name})
		}
		file := &rep.Files[len(rep.Files)-1]
		file.Errors = append(file.Errors, checkstyleError{
			f.Line, max(f.Column, 1), checkstyleSeverities[f.Severity], worded(f, opts), "concurlint." + f.Rule,
		})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(rep); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
