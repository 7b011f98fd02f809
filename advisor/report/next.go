package report

import (
	"path"
	"regexp"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// worthDoing says whether a asks for a change that its own run has not spoken
// against.
func worthDoing(a *advisor.Advice) bool {
	return a.Action != "keep" && (a.Verified == nil || a.Verified.Claim != "slower" && a.Verified.Claim != "same")
}

// nextCommand is what to type to carry a on, "" if there is nothing to type.
func nextCommand(r *advisor.Report, a *advisor.Advice) string {
	pkg := "./" + path.Dir(path.Clean("/" + a.Site.File))[1:]
	v := a.Verified
	switch {
	case !worthDoing(a) || a.Site.File == "":
		return ""
	case a.Edit == "":
		return "concurlint explain " + shell(a.Site.Package+"."+a.Site.Function)
	case v == nil:
		return "concurlint advise" + evidence(r) + " -verify . " + shell(pkg)
	case v.Claim == "faster":
		return "concurlint advise" + evidence(r) + " -verify " + shell("^"+regexp.QuoteMeta(v.Benchmark)+"$") + " -apply " + shell(pkg)
	}
	return "concurlint advise" + evidence(r) + " -verify " + shell("^"+regexp.QuoteMeta(v.Benchmark)+"$") + " " + shell(pkg)
}

// evidence is how the recordings of r are named again on a command line.
func evidence(r *advisor.Report) string {
	var b strings.Builder
	for _, p := range r.Profiles {
		switch {
		case strings.HasPrefix(p.Name, "http://"), strings.HasPrefix(p.Name, "https://"):
			return " -collect 30s " + shell(p.Name)
		case p.Name != "":
			b.WriteString(" -profile " + shell(p.Name))
		}
	}
	return b.String()
}

var plainWord = regexp.MustCompile(`^[\w@%+=:,./^-]+$`)

// shell quotes a word where a shell would read more into it.
func shell(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
