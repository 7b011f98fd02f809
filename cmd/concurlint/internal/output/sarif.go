package output

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// The parts of SARIF 2.1.0 that are used here.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool              sarifTool         `json:"tool"`
		AutomationDetails sarifID           `json:"automationDetails"`
		URIBases          sarifURIBases     `json:"originalUriBaseIds"`
		ColumnKind        string            `json:"columnKind"`
		Invocations       []sarifInvocation `json:"invocations"`
		Results           []sarifResult     `json:"results"`
	}
	sarifID struct {
		ID string `json:"id"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version"`
		Semantic       string      `json:"semanticVersion,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string      `json:"id"`
		ShortDescription     sarifText   `json:"shortDescription"`
		FullDescription      sarifText   `json:"fullDescription"`
		Help                 sarifText   `json:"help"`
		HelpURI              string      `json:"helpUri"`
		DefaultConfiguration sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifResult struct {
		RuleID              string             `json:"ruleId"`
		RuleIndex           int                `json:"ruleIndex"`
		Level               string             `json:"level"`
		Rank                float64            `json:"rank"` // confidence, from 0 to 100
		Message             sarifText          `json:"message"`
		Locations           []sarifLocation    `json:"locations"`
		RelatedLocations    []sarifLocation    `json:"relatedLocations,omitempty"`
		CodeFlows           []sarifCodeFlow    `json:"codeFlows,omitempty"`
		PartialFingerprints map[string]string  `json:"partialFingerprints"`
		Fixes               []sarifFix         `json:"fixes,omitempty"`
		Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
		Properties          sarifProperties    `json:"properties"`
	}
	sarifProperties struct {
		Confidence float64           `json:"confidence"`
		Signals    []evidence.Signal `json:"signals"`
	}
	sarifLocation struct {
		ID       int            `json:"id,omitempty"`
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
)

// sarif writes a SARIF log, for code scanning services.
func sarif(w io.Writer, r *finding.Report, opts Options) error {
	run := sarifRun{
		Tool:              sarifTool{sarifDriver{"concurlint", strings.TrimPrefix(opts.Version, "v"), semantic(opts.Version), "https://github.com/concurlint/concurlint", sarifRules(opts)}},
		AutomationDetails: sarifID{category(opts.Prefix)},
		URIBases:          sarifURIBases{rootBase: {sarifText{Text: "the root of the repository"}}},
		ColumnKind:        "utf16CodeUnits",
		Invocations:       []sarifInvocation{{ExecutionSuccessful: len(r.Errors) == 0}},
		Results:           []sarifResult{},
	}
	for _, e := range r.Errors {
		n := sarifNotification{"error", sarifText{Text: e.Message}}
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, n)
	}
	src := make(sources)
	for _, f := range slices.Concat(r.Findings, r.Silenced) {
		result := sarifFinding(src, f, opts)
		result.RuleIndex = slices.IndexFunc(run.Tool.Driver.Rules, func(r sarifRule) bool { return r.ID == f.Rule })
		run.Results = append(run.Results, result)
	}
	return JSON(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func sarifRules(opts Options) []sarifRule {
	list := []sarifRule{}
	for _, r := range opts.Rules {
		title, body, _ := strings.Cut(r.Analyzer.Doc, "\n")
		list = append(list, sarifRule{
			ID:                   r.Analyzer.Name,
			ShortDescription:     sarifText{Text: title},
			FullDescription:      sarifText{Text: r.Why},
			Help:                 sarifText{Text: r.Analyzer.Doc, Markdown: markdown(title, body)},
			HelpURI:              r.Analyzer.URL,
			DefaultConfiguration: sarifConfig{r.Severity.String()},
		})
	}
	return list
}

// markdown turns a Go doc comment into Markdown: code is indented there by a
// tab, here by four blanks.
func markdown(title, body string) string {
	return "**" + title + "**\n" + strings.ReplaceAll(body, "\t", "    ")
}

func sarifFinding(src sources, f finding.Finding, opts Options) sarifResult {
	res := sarifResult{
		RuleID: f.Rule,
		Level:  f.Severity.String(), // SARIF has the same three words
		Rank:   100 * f.Confidence,
		PartialFingerprints: map[string]string{
			"concurlint/v2": f.Fingerprint,
			// The one that GitHub goes by; where it is missing GitHub hashes the
			// line's surroundings, which change more often.
			"primaryLocationLineHash": f.Fingerprint + ":1",
		},
		Properties: sarifProperties{f.Confidence, present(f.Signals)},
	}
	here := sarifLocation{
		Physical: &sarifPhysical{artifact(f.File, opts), &sarifRegion{
			StartLine:   f.Line,
			StartColumn: src.utf16Column(f.File, f.Line, f.Column),
			EndLine:     f.EndLine,
			EndColumn:   src.utf16Column(f.File, f.EndLine, f.EndColumn),
		}},
		Logical: logical(f),
	}
	res.Locations = []sarifLocation{here}
	res.CodeFlows = codeFlows(src, here, f, opts)
	res.Fixes = sarifFixes(src, f.Fixes, opts)
	if f.Silence != nil {
		res.Suppressions = []sarifSuppression{suppression(f.Silence)}
	}
	text := escapeLinks.Replace(f.Message)
	for _, s := range slices.Concat(f.Chain, f.Related) {
		if s.File == "" || s.Line == 0 {
			text += "\n" + escapeLinks.Replace(s.Message)
			continue
		}
		id := len(res.RelatedLocations) + 1
		at := stepLocation(src, s, opts)
		at.ID = id
		res.RelatedLocations = append(res.RelatedLocations, at)
		// GitHub shows only those related locations that the message links to.
		text += fmt.Sprintf("\n[%s](%d)", escapeLinks.Replace(s.Message), id)
	}
	if f.Proposal != nil { // not among the fixes, which tools apply
		text += "\n" + escapeLinks.Replace("To think about: "+f.Proposal.Message+"\n"+f.Proposal.Diff)
	}
	res.Message = sarifText{Text: text}
	return res
}

// escapeLinks escapes what would read as a link in a SARIF message.
var escapeLinks = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`)
