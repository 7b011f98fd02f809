package report

import (
	"cmp"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/concurlint/concurlint/advisor"
)

// worthDoing says whether a asks for a change that its own run has not spoken
// against. The same throughput speaks for it where fewer in flight achieve it:
// then the run has a size.
func worthDoing(a *advisor.Advice) bool {
	v := a.Verified
	return a.Action != "keep" && (v == nil || v.Claim != "slower" && (v.Claim != "same" || v.Size > 0))
}

// nextCommand is what to type to carry a on, "" if there is nothing to type.
func nextCommand(r *advisor.Report, a *advisor.Advice) string {
	v := a.Verified
	switch {
	case !worthDoing(a) || a.Site.File == "" || v != nil && v.Written:
		return ""
	case v != nil && v.Claim == "unclear":
		return longer(r, a)
	case a.Edit == "":
		return "concurlint explain " + shell(a.Site.Package+"."+a.Site.Function)
	case v == nil:
		return again(r, a, "")
	case v.Size > 0 || v.Claim == "faster": // the edit was proved to be worth it
		return again(r, a, only(v)) + " -apply"
	}
	return again(r, a, only(v))
}

// longer verifies an open outcome once more: within twice the time, and on one of
// several benchmarks, where no other's noise is in the sum.
func longer(r *advisor.Report, a *advisor.Advice) string {
	v := *a.Verified
	v.Benchmark, _, _ = strings.Cut(v.Benchmark, ", ")
	text := again(r, a, only(&v))
	if v.Budget > 0 {
		text += " -budget " + briefly(time.Duration(2*v.Budget*float64(time.Second)))
	}
	return text
}

// briefly is a duration without the zeros at its end: 4m, not 4m0s.
func briefly(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// only matches the benchmarks that v ran, and no other.
func only(v *advisor.Verified) string {
	names := strings.Split(v.Benchmark, ", ")
	for i, name := range names {
		names[i] = regexp.QuoteMeta(name)
	}
	if len(names) == 1 {
		return "^" + names[0] + "$"
	}
	return "^(" + strings.Join(names, "|") + ")$"
}

// again is the command that gathers the same evidence and verifies the advice on
// the benchmarks that match, or on those that the report knows of.
func again(r *advisor.Report, a *advisor.Advice, benchmark string) string {
	how := r.Again
	if how == nil {
		how = new(advisor.Again)
		for _, p := range r.Profiles {
			how.Args = append(how.Args, "-profile", p.Name)
		}
	}
	if _, part, ok := strings.Cut(how.Benchmark, "/"); ok && benchmark != "" {
		benchmark += "/" + part // of each that ran, no more than before
	}
	words := append([]string{"concurlint", "advise"}, how.Args...)
	words = append(words, "-verify", cmp.Or(benchmark, how.Benchmark, "."))
	if len(how.Packages) == 0 {
		words = append(words, "./"+path.Dir(path.Clean("/" + a.Site.File))[1:])
	}
	words = append(words, how.Packages...)
	for i, w := range words {
		words[i] = shell(w)
	}
	return strings.Join(words, " ")
}

var plainWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w@%+=:,./^-]+$`) })

// shell quotes a word where a shell would read more into it.
func shell(word string) string {
	if plainWord().MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
