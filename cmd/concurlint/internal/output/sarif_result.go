package output

import (
	"os"
	"strings"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// What a result has beside its place.
type (
	sarifCodeFlow struct {
		ThreadFlows []sarifThreadFlow `json:"threadFlows"`
	}
	sarifThreadFlow struct {
		Locations []sarifFlowLocation `json:"locations"`
	}
	sarifFlowLocation struct {
		Location   sarifLocation `json:"location"`
		Importance string        `json:"importance"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion   `json:"deletedRegion"`
		Inserted *sarifContent `json:"insertedContent,omitempty"`
	}
	sarifContent struct {
		Text string `json:"text"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification,omitempty"`
	}
)

// codeFlows is the way from the finding's place down to the primitive, which
// services show as a path that one can walk.
func codeFlows(src sources, here sarifLocation, f finding.Finding, opts Options) []sarifCodeFlow {
	if len(f.Chain) == 0 {
		return nil
	}
	here.Logical = nil
	here.Message = &sarifText{Text: f.Message}
	steps := []sarifFlowLocation{{here, "essential"}}
	for i, s := range f.Chain {
		importance := "important"
		if i == len(f.Chain)-1 {
			importance = "essential" // the primitive
		}
		steps = append(steps, sarifFlowLocation{stepLocation(src, s, opts), importance})
	}
	return []sarifCodeFlow{{[]sarifThreadFlow{{steps}}}}
}

// sarifFixes are the fixes by lines and columns. One whose file cannot be read has
// none of these, and is left out.
func sarifFixes(src sources, fixes []finding.Fix, opts Options) []sarifFix {
	var list []sarifFix
	for _, f := range fixes {
		if changes := sarifChanges(src, f.Edits, opts); len(changes) > 0 {
			list = append(list, sarifFix{sarifText{Text: f.Message}, changes})
		}
	}
	return list
}

func sarifChanges(src sources, edits []finding.Edit, opts Options) (list []sarifChange) {
	at := make(map[string]int) // in list, by file
	for _, e := range edits {
		text, err := os.ReadFile(e.File)
		if err != nil || e.Start > e.End || e.End > len(text) {
			return nil
		}
		i, ok := at[e.File]
		if !ok {
			i = len(list)
			at[e.File] = i
			list = append(list, sarifChange{Artifact: artifact(e.File, opts)})
		}
		r := sarifReplacement{}
		r.Deleted.StartLine, r.Deleted.StartColumn = src.place(e.File, text, e.Start)
		r.Deleted.EndLine, r.Deleted.EndColumn = src.place(e.File, text, e.End)
		if e.New != "" {
			r.Inserted = &sarifContent{e.New}
		}
		list[i].Replacements = append(list[i].Replacements, r)
	}
	return list
}

// place is the line and the column in UTF-16 units of an offset.
func (s sources) place(file string, text []byte, offset int) (line, column int) {
	before := string(text[:offset])
	line = strings.Count(before, "\n") + 1
	return line, s.utf16Column(file, line, offset-strings.LastIndexByte(before, '\n'))
}

// suppression says in SARIF's words why a result does not count.
func suppression(s *finding.Silence) sarifSuppression {
	kind := "external"
	if s.By == finding.ByDirective {
		kind = "inSource"
	}
	return sarifSuppression{kind, "accepted", s.Reason}
}
