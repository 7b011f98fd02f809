package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/reviewdog/reviewdog/parser"
)

// checked are what the reports are made of: as they are, and with the module's
// directory below the root.
var checked = [][]string{{"-C", "../demo", "-severity=note"}, {"-C", "testdata/module", "-severity=note"}}

// TestCheckstyleReader has reviewdog, one of those for whom the format is, read the
// findings out of it: they are those of the JSON report.
func TestCheckstyleReader(t *testing.T) {
	for _, args := range checked {
		var report struct {
			Findings []struct {
				Rule, Severity, File, Message string
				Line, Column                  int
			}
		}
		if err := json.Unmarshal(printed(t, append(args, "-format=json")...), &report); err != nil {
			t.Fatal(err)
		}
		list, err := parser.NewCheckStyleParser().Parse(bytes.NewReader(printed(t, append(args, "-format=checkstyle")...)))
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != len(report.Findings) || len(list) == 0 {
			t.Fatalf("%v: reviewdog reads %d findings, want %d", args, len(list), len(report.Findings))
		}
		for i, f := range report.Findings {
			d := list[i]
			at := d.Location.Range.Start
			severity := strings.ToLower(strings.Replace(d.Severity.String(), "INFO", "NOTE", 1))
			have := fmt.Sprintf("%s %d:%d %s %s", severity, at.Line, at.Column, d.Code.Value, d.Message)
			want := fmt.Sprintf("%s %d:%d concurlint.%s %s", f.Severity, f.Line, f.Column, f.Rule, f.Message)
			// From the root of the repository there is more of the name.
			if !strings.HasPrefix(have, want) || !strings.HasSuffix(d.Location.Path, f.File) {
				t.Errorf("reviewdog reads %s: %s\nwant %s: %s", d.Location.Path, have, f.File, want)
			}
		}
	}
}

// TestCheckstyleSchema validates the report by Checkstyle's own schema. That has
// another licence than this module, and no Go module carries it:
//
//	curl -O https://raw.githubusercontent.com/checkstyle/checkstyle/master/config/checkstyle-report-1.0.0.xsd
//	CONCURLINT_CHECKSTYLE_XSD=$PWD/checkstyle-report-1.0.0.xsd go test -run CheckstyleSchema .
func TestCheckstyleSchema(t *testing.T) {
	schema := os.Getenv("CONCURLINT_CHECKSTYLE_XSD")
	if schema == "" {
		t.Skip("CONCURLINT_CHECKSTYLE_XSD names no schema")
	}
	validate := func(text []byte) error {
		cmd := exec.Command("xmllint", "--noout", "--schema", schema, "-")
		cmd.Stdin = bytes.NewReader(text)
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		return nil
	}
	for _, args := range checked {
		if err := validate(printed(t, append(args, "-format=checkstyle")...)); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
	if validate([]byte(`<checkstyle><file><error line="0"/></file></checkstyle>`)) == nil {
		t.Error("a file without a name is accepted")
	}
}
