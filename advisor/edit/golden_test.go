package edit

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/concurlint/concurlint/advisor"
)

var update = flag.Bool("update", false, "write the golden sections again")

// A golden is one case: case.json has site and setting; the lines follow from the
// comments "// site" and "// limit". The sections "diff" and "refusal" are the
// answer of Make, "tuned" is what Tune refuses.
type golden struct {
	Site advisor.Site
	Want Want
}

func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/advisor/edit/*.txtar")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	compile := t.TempDir()
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			tree, c, want := unpack(t, archive)
			put(t, filepath.Join(compile, name, "before"), tree, nil)
			e, err := Make(tree, c.Site, c.Want)
			got := map[string]string{}
			if err != nil {
				got["refusal"] = reason(t, err)
			} else {
				got["diff"] = e.Diff
				put(t, filepath.Join(compile, name, "after"), tree, e)
				gofmted(t, e)
			}
			if e, err = Tune(tree, c.Site, c.Want); err != nil {
				got["tuned"] = reason(t, err)
			} else {
				put(t, filepath.Join(compile, name, "tuned"), tree, e)
			}
			if e, err = Mark(tree, c.Site); err != nil {
				t.Errorf("not marked: %v", err)
			} else {
				put(t, filepath.Join(compile, name, "marked"), tree, e)
			}
			compare(t, file, archive, got, want)
		})
	}
	vet(t, compile)
}

func unpack(t *testing.T, archive *txtar.Archive) (fstest.MapFS, golden, map[string]string) {
	tree, want := fstest.MapFS{}, map[string]string{}
	var c golden
	for _, f := range archive.Files {
		switch f.Name {
		case "case.json":
			if err := json.Unmarshal(f.Data, &c); err != nil {
				t.Fatal(err)
			}
		case "diff", "refusal", "tuned":
			want[f.Name] = string(f.Data)
		default:
			tree[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	c.Site.File = "p/p.go"
	c.Site.Line = lineOf(tree["p/p.go"].Data, "// site")
	if n := lineOf(tree["p/p.go"].Data, "// limit"); n > 0 {
		c.Site.Limit.Place = advisor.Place{File: "p/p.go", Line: n}
	}
	return tree, c, want
}

func lineOf(text []byte, mark string) int {
	before, _, ok := bytes.Cut(text, []byte(mark))
	if !ok {
		return 0
	}
	return 1 + bytes.Count(before, []byte("\n"))
}

func reason(t *testing.T, err error) string {
	if r := (*Refusal)(nil); !errors.As(err, &r) {
		t.Errorf("no refusal: %v", err)
	}
	return err.Error() + "\n"
}

func gofmted(t *testing.T, e *Edit) {
	for name, f := range e.Files {
		if text, err := format.Source(f.After); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(text, f.After) {
			t.Errorf("%s is not as gofmt has it:\n%s", name, f.After)
		}
	}
}

func compare(t *testing.T, file string, archive *txtar.Archive, got, want map[string]string) {
	if *update {
		archive.Files = archive.Files[:len(archive.Files)-len(want)]
		for _, section := range []string{"diff", "refusal", "tuned"} {
			if got[section] != "" {
				archive.Files = append(archive.Files, txtar.File{Name: section, Data: []byte(got[section])})
			}
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, section := range []string{"diff", "refusal", "tuned"} {
		if got[section] != want[section] {
			t.Errorf("%s:\n%s\nwant:\n%s", section, got[section], want[section])
		}
	}
}

// put writes the tree with an edit as a package below dir.
func put(t *testing.T, dir string, tree fstest.MapFS, e *Edit) {
	texts := map[string][]byte{}
	for name, f := range tree {
		if path.Ext(name) == ".go" {
			texts[name] = f.Data
		}
	}
	if e != nil {
		for name, f := range e.Files {
			texts[name] = f.After
		}
	}
	for name, text := range texts {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// vet compiles all that was put below dir, as one module.
func vet(t *testing.T, dir string) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	stub, err := filepath.Abs("../../testdata/src/golang.org/x/sync")
	if err != nil {
		t.Fatal(err)
	}
	sync := filepath.Join(dir, "sync")
	if err := os.CopyFS(sync, os.DirFS(stub)); err != nil && !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	const mod = "module golden\n\ngo 1.26\n\nrequire golang.org/x/sync v0.24.0\n\nreplace golang.org/x/sync => ./sync\n"
	os.WriteFile(filepath.Join(sync, "go.mod"), []byte("module golang.org/x/sync\n\ngo 1.26\n"), 0o666)
	os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o666)
	cmd := exec.Command("go", "vet", "-mod=mod", "./...")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestWantOf(t *testing.T) {
	setting := func(lo, hi int) advisor.Setting { return advisor.Setting{Min: lo, Max: hi} }
	for _, c := range []struct {
		advice advisor.Advice
		want   Want
	}{
		{advisor.Advice{Recommend: setting(16, 64)}, Want{N: 64}},
		{advisor.Advice{Recommend: setting(16, 0)}, Want{N: 16}},
		{advisor.Advice{Recommend: advisor.Setting{Max: 2, Limit: "runtime.GOMAXPROCS(0)"}}, Want{N: 2, Cores: true}},
		// One step up, from the present limit in whichever form it is known.
		{advisor.Advice{Action: "more", Site: advisor.Site{Limit: advisor.Limit{N: 8}}, Recommend: setting(16, 800)}, Want{Action: "more", N: 32}},
		{advisor.Advice{Action: "more", Now: setting(8, 8), Recommend: setting(16, 800)}, Want{Action: "more", N: 32}},
		{advisor.Advice{Action: "more", Now: setting(8, 8), Recommend: setting(16, 20)}, Want{Action: "more", N: 20}},
		{advisor.Advice{Action: "concurrent", Recommend: setting(2, 800)}, Want{Action: "concurrent", N: 4}},
	} {
		if got := WantOf(c.advice); got != c.want {
			t.Errorf("%+v: %+v, want %+v", c.advice, got, c.want)
		}
	}
}
