// Package reports holds the reports to the schemas of those who read them. It is a
// module of its own, so that nobody who uses concurlint gets what it needs.
package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// tool is the command under test, built from the files around.
var tool string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "concurlint-reports-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	tool = filepath.Join(dir, "concurlint.exe")
	build := exec.Command("go", "build", "-o", tool, "./cmd/concurlint")
	build.Dir = "../.."
	build.Env = append(os.Environ(), "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// sarifSchema is the standard's own, as another linter's module carries it: go.mod
// requires that module for this file alone.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	out, err := exec.Command("go", "mod", "download", "-json", "github.com/securego/gosec/v2").Output()
	var module struct{ Dir string }
	if err != nil || json.Unmarshal(out, &module) != nil {
		t.Fatalf("the module with the schema cannot be had: %v\n%s", err, out)
	}
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(module.Dir, "report/sarif/testdata/sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// printed runs the command, for which findings are no failure.
func printed(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(tool, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		t.Fatalf("concurlint %s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	return out
}

// A log is the part of SARIF that the test looks into.
type log struct {
	Runs []struct {
		Results []map[string]any
	}
}

// TestSARIF validates what the command writes of the demo and of a module that has
// all that a result may hold.
func TestSARIF(t *testing.T) {
	schema := sarifSchema(t)
	for _, c := range []struct {
		name string
		args []string
		want []string // properties that some result has
	}{
		{"demo", []string{"-C", "../demo", "-severity=note"}, []string{"codeFlows", "relatedLocations", "partialFingerprints", "rank"}},
		{"module", []string{"-C", "testdata/module", "-severity=note", "-silenced"}, []string{"codeFlows", "fixes", "suppressions"}},
		{"new", []string{"-C", "testdata/module", "-severity=note", "-silenced", "-write-baseline=" + filepath.Join(t.TempDir(), "b.json")}, []string{"suppressions"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := printed(t, append(c.args, "-format=sarif")...)
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%v", err)
			}
			var l log
			if err := json.Unmarshal(text, &l); err != nil {
				t.Fatal(err)
			}
			has := make(map[string]bool)
			for _, r := range l.Runs[0].Results {
				for name := range r {
					has[name] = true
				}
			}
			for _, name := range c.want {
				if !has[name] {
					t.Errorf("no result has %s", name)
				}
			}
		})
	}
}

// TestSchema makes sure that the schema refuses what is no SARIF.
func TestSchema(t *testing.T) {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"version": "2.1.0", "runs": [{"results": []}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if sarifSchema(t).Validate(value) == nil {
		t.Error("a run without a tool is accepted")
	}
}
