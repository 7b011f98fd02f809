package output

import (
	"net/url"
	"path/filepath"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// rootBase is the name that code scanning services give to the repository's root.
const rootBase = "%SRCROOT%"

type (
	sarifURIBases map[string]sarifURIBase
	sarifURIBase  struct {
		Description sarifText `json:"description"`
	}
	sarifLogical struct {
		Name string `json:"name,omitempty"`
		Full string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

// category keeps a run apart from those of other tools and of other directories:
// a service replaces the results of one category by the next upload of it. It ends
// at the last slash.
func category(prefix string) string {
	if prefix == "" {
		return "concurlint/"
	}
	return "concurlint/" + prefix + "/"
}

// semantic is the version in the form that SARIF asks for, without the v, or "".
func semantic(version string) string {
	if !semver.IsValid(version) {
		return ""
	}
	return strings.TrimPrefix(version, "v")
}

// artifact names a file by the repository's root. One outside of any, as in the
// module cache, keeps its absolute name.
func artifact(file string, opts Options) sarifArtifact {
	name := opts.path(file)
	switch {
	case strings.HasPrefix(name, "/"):
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: name}).String()}
	case filepath.IsAbs(name): // with a drive
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: "/" + name}).String()}
	}
	return sarifArtifact{(&url.URL{Path: name}).String(), rootBase}
}

// logical names the function that the finding stands in.
func logical(f finding.Finding) []sarifLogical {
	if f.Function == "" {
		return []sarifLogical{{Full: f.Package, Kind: "module"}}
	}
	return []sarifLogical{{f.Function, f.Package + "." + f.Function, "function"}}
}

// stepLocation is the place of a step, as far as it is known, with its remark.
func stepLocation(src sources, s finding.Step, opts Options) sarifLocation {
	at := sarifLocation{Message: &sarifText{Text: s.Message}}
	if s.File == "" || s.Line == 0 {
		return at
	}
	at.Physical = &sarifPhysical{artifact(s.File, opts), &sarifRegion{
		StartLine:   s.Line,
		StartColumn: src.utf16Column(s.File, s.Line, s.Column),
	}}
	return at
}
