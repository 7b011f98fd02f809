package classify_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestReal compares the classes of functions of real projects with the labels
// in testdata/classify/real.tsv. It needs the projects: set CONCURLINT_REPOS to
// a folder that holds each as a work tree named owner+name, at the commit that
// the table says. Projects that are missing are left out.
//
//	CONCURLINT_REPOS=$HOME/corpora go test -run=TestReal -v ./analyzers/classify
func TestReal(t *testing.T) {
	repos := os.Getenv("CONCURLINT_REPOS")
	if repos == "" {
		t.Skip("CONCURLINT_REPOS is not set")
	}
	tool := os.Getenv("CONCURLINT_TOOL") // another binary to compare with
	if tool == "" {
		tool = build(t)
	}
	total, right := 0, 0
	for module, rows := range table(t, repos) {
		functions := classified(t, tool, module, rows)
		for _, r := range rows {
			total++
			f, ok := functions[filepath.Join(r.folder, r.function)]
			if ok && f.Class == r.class && f.strongest() == r.effect {
				right++
				continue
			}
			t.Logf("%s %s %s: have %s %s, want %s %s (%s)\n\t%s", r.repo, r.dir, r.function, f.Class, f.strongest(), r.class, r.effect, r.why, f.raw)
		}
	}
	if total > 0 && float64(right) < 0.95*float64(total) {
		t.Errorf("%d of %d functions classified as labelled, want 95 %%", right, total)
	}
	t.Logf("%d of %d", right, total)
}

func build(t *testing.T) string {
	tool := filepath.Join(t.TempDir(), "concurlint")
	if out, err := exec.Command("go", "build", "-o", tool, "../../cmd/concurlint").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return tool
}

type row struct{ repo, dir, folder, function, class, effect, why string }

// table returns the rows of the table by the folder of their module.
func table(t *testing.T, repos string) map[string][]row {
	data, err := os.ReadFile("../../testdata/classify/real.tsv")
	if err != nil {
		t.Fatal(err)
	}
	modules := make(map[string][]row)
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		c := strings.Split(line, "\t")
		if i == 0 || len(c) != 7 {
			continue
		}
		r := row{repo: c[0], dir: c[2], function: c[3], class: c[4], effect: c[5], why: c[6]}
		root, err := filepath.EvalSymlinks(filepath.Join(repos, strings.ReplaceAll(r.repo, "/", "+")))
		if err != nil {
			t.Logf("left out: %v", err)
			continue
		}
		r.folder = filepath.Join(root, r.dir)
		module := r.folder
		for module != root && !exists(filepath.Join(module, "go.mod")) {
			module = filepath.Dir(module)
		}
		modules[module] = append(modules[module], r)
	}
	return modules
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

type function struct {
	File, Function, Class, CPU string
	Effects                    []struct{ Kind, Certainty string }
	raw                        string
}

// strength lists kinds, strongest first.
var strength = []string{"net", "db", "dns", "proc", "file", "cgo", "sleep", "wait", "chan", "lock", "cpu"}

// strongest is the strongest effect on the main path or on a miss.
func (f function) strongest() string {
	best := len(strength)
	for _, e := range f.Effects {
		if n := slices.Index(strength, e.Kind); n >= 0 && n < best && e.Certainty != "rarely" {
			best = n
		}
	}
	if best == len(strength) {
		return "none"
	}
	if best < 3 {
		return "net"
	}
	return strength[best]
}

// classified are the functions of the rows' packages, tests left out. Keys are
// folder/function.
func classified(t *testing.T, tool, module string, rows []row) map[string]function {
	args := []string{"classify", "-format=json", "-config=off"}
	for _, r := range rows {
		if rel, err := filepath.Rel(module, r.folder); err == nil && !slices.Contains(args, "./"+rel) {
			args = append(args, "./"+rel)
		}
	}
	cmd := exec.Command(tool, args...)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Logf("%s: %v\n%s", module, err, stderr.Bytes())
	}
	var printed struct{ Functions []json.RawMessage }
	if err := json.Unmarshal(out, &printed); err != nil {
		t.Fatalf("%s: %v", module, err)
	}
	found := make(map[string]function)
	for _, raw := range printed.Functions {
		f := function{raw: string(raw)}
		if err := json.Unmarshal(raw, &f); err != nil {
			t.Fatal(err)
		}
		found[filepath.Join(module, filepath.Dir(f.File), f.Function)] = f
	}
	return found
}
