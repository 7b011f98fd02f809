package run

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// filesBelow returns the contents of the files below a folder.
func filesBelow(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// With OutDir each result is a file named by its input, whatever its bytes are,
// and standard output has the paths in the order of the inputs.
func TestOutDir(t *testing.T) {
	t.Chdir(t.TempDir())
	os.MkdirAll("in/sub", 0o777)
	binary := "a\n\x00\xff\n"
	for _, name := range []string{"in/a", "in/sub/a", "b"} {
		if err := os.WriteFile(name, []byte(name+binary), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	long := strings.Repeat("x", 300)
	for _, test := range []struct {
		name   string
		config Config
		in     string
		want   map[string]string
		order  []string
		failed string
	}{
		{name: "files", config: Config{Coding: Coding{Files: true}}, in: "in/a\n./in/sub/../sub/a\n../" + "nowhere\nb\n/in/a\nb\n",
			want:   map[string]string{"in/a": "in/a" + binary, "in/sub/a": "in/sub/a" + binary, "b": "b" + binary},
			order:  []string{"in/a", "in/sub/a", "b", "b"},
			failed: "3: does not decode: open ../nowhere: no such file or directory: ../nowhere|5: does not decode: open /in/a: no such file or directory: /in/a|"},
		{name: "two paths to one file", config: Config{Coding: Coding{Files: true}}, in: "in/a\n./in/a\n",
			want: map[string]string{"in/a": "in/a" + binary}, order: []string{"in/a"},
			failed: "2: the file in/a of -out-dir has the result of another input: ./in/a|"},
		{name: "lines", in: "https://a.org/x?y=1\n..\n\n%2E\n" + long + "\n",
			want: map[string]string{"https:%2F%2Fa.org%2Fx%3Fy=1": "https://a.org/x?y=1", "%%2E%2E": "..", "%": "", "%252E": "%2E",
				strings.Repeat("x", 127) + "-" + fmt.Sprintf("%x", hashInput([]byte(long))): long},
			order: []string{"https:%2F%2Fa.org%2Fx%3Fy=1", "%%2E%2E", "%", "%252E", strings.Repeat("x", 127) + "-" + fmt.Sprintf("%x", hashInput([]byte(long)))}},
	} {
		for _, kind := range []string{"serial", "io"} {
			c := test.config
			c.Stages, c.Executor, c.OutDir, c.Failures = []string{"same"}, kind, filepath.Join(t.TempDir(), "deep", "out"), filepath.Join(t.TempDir(), "failures")
			c.Size = 1
			out, last, status := runOver(t, c, test.in)
			var order strings.Builder
			for _, name := range test.order {
				fmt.Fprintln(&order, filepath.Join(c.OutDir, name))
			}
			if got := filesBelow(t, c.OutDir); fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("%s, %s: files %q, want %q", test.name, kind, got, test.want)
			}
			if out != order.String() || status == exitStopped {
				t.Errorf("%s, %s: status %d %q, paths\n%s, want\n%s", test.name, kind, status, last.Report.Stopped, out, &order)
			}
			if got := failuresOf(t, c.Failures); got != test.failed {
				t.Errorf("%s, %s: failures %s, want %s", test.name, kind, got, test.failed)
			}
		}
	}
}

// A result never replaces the file that it was made of.
func TestOutDirOverInputs(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a", []byte("content"), 0o666); err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	_, last, status := runOver(t, Config{Stages: []string{"same"}, Coding: Coding{Files: true}, OutDir: here}, "a\n")
	if status != exitStopped || !strings.Contains(last.Report.Stopped, "its result would replace the input itself; give another -out-dir") {
		t.Errorf("status %d, %q", status, last.Report.Stopped)
	}
	if text, _ := os.ReadFile("a"); string(text) != "content" {
		t.Errorf("the input is now %q", text)
	}
}
