package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// verdictOrder is by what a reader has to act on.
var verdictOrder = []string{advisor.Confirmed, advisor.Refuted, advisor.Cold, advisor.NoData}

var verdictTints = map[string]tint{advisor.Confirmed: red, advisor.Refuted: green, advisor.Cold: cyan, advisor.NoData: faint}

var severityTints = map[string]tint{"error": red, "warning": gold, "note": cyan}

func byVerdict(findings []advisor.Judged) []advisor.Judged {
	sorted := slices.Clone(findings)
	rank := func(v string) int {
		if i := slices.Index(verdictOrder, v); i >= 0 {
			return i
		}
		return len(verdictOrder)
	}
	slices.SortStableFunc(sorted, func(a, b advisor.Judged) int {
		return cmp.Or(cmp.Compare(rank(a.Verdict), rank(b.Verdict)), cmp.Compare(b.Stake, a.Stake))
	})
	return sorted
}

// findings lists the verdicts. Those without data have nothing to tell and are
// counted.
func (s *screen) findings(r *advisor.Report, opts Options) {
	if len(r.Findings) == 0 {
		return
	}
	s.title("Findings: " + verdicts(r.Findings))
	sorted := byVerdict(r.Findings)
	shown := 0
	for _, f := range sorted {
		if !opts.Explain && (f.Verdict == advisor.NoData || shown == maxFindings) {
			continue
		}
		shown++
		s.judged(f, opts.Explain || len(r.Profiles) > 1)
	}
	if more := len(sorted) - shown; more > 0 {
		s.labelled(2, 0, nil, "", fmt.Sprintf("%d more, -explain lists them", more))
	}
}

func verdicts(findings []advisor.Judged) string {
	numbers := make(map[string]int)
	for _, f := range findings {
		numbers[f.Verdict]++
	}
	var words []string
	for _, v := range verdictOrder {
		if n := numbers[v]; n > 0 {
			words = append(words, fmt.Sprintf("%s %s", thousands(int64(n)), v))
		}
	}
	return strings.Join(words, ", ")
}

// judged is a finding with its verdict. Where there is but one recording, all rest
// on it.
func (s *screen) judged(f advisor.Judged, sources bool) {
	severity, pad := f.Severity, 18
	if f.Was != "" && f.Was != f.Severity {
		severity = f.Was + " → " + f.Severity
	}
	pad = max(pad-len([]rune(severity)), 1)
	s.line("  ", s.paint(verdictTints[f.Verdict], fmt.Sprintf("%-10s", clean(f.Verdict))),
		s.paint(severityTints[f.Severity], clean(severity)), strings.Repeat(" ", pad),
		clean(place(f.File, f.Line)), "  ", s.paint(faint, clean(f.Rule)))
	if len(f.Because) == 0 {
		s.labelled(12, 0, nil, "", f.Message)
	}
	for _, because := range f.Because[:min(reasons, len(f.Because))] {
		s.labelled(12, 0, nil, "", because)
	}
	if sources && len(f.Evidence) > 0 {
		s.labelled(12, 0, faint, "", "from "+strings.Join(f.Evidence, ", "))
	}
}

// differences lists the functions whose measured class is not their static one.
func (s *screen) differences(r *advisor.Report, opts Options) {
	shown, all := 0, 0
	for _, m := range r.Classes {
		if m.Differs == "" {
			continue
		}
		if all++; all == 1 {
			s.title("Source and recording disagree")
		}
		if !opts.Explain && shown == maxDiffers {
			continue
		}
		shown++
		s.line("  ", fmt.Sprintf("%-17s ", clean(m.Static+" → "+m.Class)), clean(place(m.File, m.Line)), "  ", s.paint(faint, clean(m.Function)))
		s.labelled(20, 0, nil, "", m.Differs)
	}
	if all > shown {
		s.labelled(2, 0, nil, "", fmt.Sprintf("%d more, -explain lists them", all-shown))
	}
}
