package history

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A repo is a module whose files are written and committed step by step.
type repo struct {
	t   *testing.T
	dir string
	day int
}

func newRepo(t *testing.T) *repo {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	r := &repo{t: t, dir: t.TempDir()}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r *repo) git(args ...string) string {
	r.t.Helper()
	r.day++
	date := time.Date(2026, 1, r.day, 12, 0, 0, 0, time.UTC).Format(time.RFC3339)
	cmd := exec.Command("git", append([]string{"-C", r.dir, "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_COMMITTER_DATE="+date, "GIT_AUTHOR_DATE="+date, "GIT_CONFIG_GLOBAL=/dev/null")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *repo) write(name, text string) {
	r.t.Helper()
	file := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

// commit writes files by name and text, and answers the hash.
func (r *repo) commit(files ...string) string {
	r.t.Helper()
	for i := 0; i < len(files); i += 2 {
		r.write(files[i], files[i+1])
	}
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "x", "--allow-empty")
	return r.git("rev-parse", "HEAD")
}

// shifted is a file whose functions begin n lines further down.
func shifted(n int) string {
	return "package a\n" + strings.Repeat("\n", n) + `func F() {
	func() {}()
}
type T[P any] struct{}
func (t *T[P]) M() {}
func (T[P]) V() {}
var v = func() {}
`
}

// wants are the functions of a file that is shifted by n.
func wants(file string, n int) []Want {
	const pkg = "example.com/m/a."
	return []Want{
		{pkg + "F", file, n + 2, 10},
		{pkg + "F.func1", file, n + 3, 10},
		{pkg + "(*T[go.shape.int]).M", file, n + 6, 10},
		{pkg + "T[...].V", file, n + 7, 10},
		{pkg + "init.func1", file, n + 8, 10},
		{pkg + "F.gowrap1", file, 99, 10}, // not compared
		{pkg + "_Cfunc_x", "_cgo_gotypes.go", 99, 10},
		{pkg + "Old", file, 0, 10},
	}
}

func find(t *testing.T, dir string, want []Want, opts Options) Fit {
	t.Helper()
	fit, err := Find(context.Background(), dir, want, opts)
	if err != nil {
		t.Fatal(err)
	}
	return fit
}

const recordedAs = "/home/x/src/m/a/a.go"

func TestWorkTree(t *testing.T) {
	r := newRepo(t)
	r.write("a/a.go", shifted(3))
	for _, file := range []string{recordedAs, "example.com/m/a/a.go", `C:\src\m\a\a.go`} {
		fit := find(t, r.dir, wants(file, 3), Options{})
		if fit.Commit != "" || fit.Share != 1 || fit.Here != 1 || fit.Named != 1 || fit.Notes != nil {
			t.Errorf("%s: %+v", file, fit)
		}
	}
}

func TestCommit(t *testing.T) {
	r := newRepo(t)
	var hashes []string
	for n := range 6 {
		hashes = append(hashes, r.commit("a/a.go", shifted(n), "b/a.go", shifted(9)))
	}
	r.commit("README", "no Go file")
	for n, hash := range hashes[:5] {
		fit := find(t, r.dir, wants(recordedAs, n), Options{})
		if fit.Commit != hash || fit.Share != 1 || fit.Named != 1 || fit.Behind != 5-n || fit.Here > 0.5 {
			t.Errorf("shifted by %d: %+v, want %s", n, fit, hash)
		}
	}
}

// TestDate lets commits fit equally.
func TestDate(t *testing.T) {
	r := newRepo(t)
	first := r.commit("a/a.go", shifted(1), "a/other.go", "package a\n")
	r.commit("a/a.go", shifted(1), "a/other.go", "package a\n\n")
	second := r.git("rev-parse", "HEAD")
	date := r.git("log", "-1", "--format=%cI", first)
	r.commit("a/a.go", shifted(2))
	recorded, err := time.Parse(time.RFC3339, date)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		recorded time.Time
		want     string
	}{{time.Time{}, second}, {recorded.Add(time.Hour), first}} {
		if fit := find(t, r.dir, wants(recordedAs, 1), Options{Recorded: c.recorded}); fit.Commit != c.want {
			t.Errorf("recorded %v: %+v, want %s", c.recorded, fit, c.want)
		}
	}
}

// TestMoved renames the file, and deletes it.
func TestMoved(t *testing.T) {
	r := newRepo(t)
	want := r.commit("a/a.go", shifted(1))
	r.git("mv", "a/a.go", "a/renamed.go")
	r.commit("a/renamed.go", shifted(4))
	fit := find(t, r.dir, wants(recordedAs, 1), Options{})
	if fit.Commit != want || fit.Share != 1 || fit.Named != 1 || fit.Here != 0 {
		t.Errorf("renamed: %+v, want %s", fit, want)
	}
	r.git("rm", "-q", "-r", "a")
	r.commit("b/b.go", "package b\n")
	fit = find(t, r.dir, wants(recordedAs, 1), Options{})
	if fit.Commit != want || fit.Share != 1 || fit.Named > 0.3 {
		t.Errorf("deleted: %+v, want %s", fit, want)
	}
}

// TestBranch looks for a commit of a branch that the merge changed.
func TestBranch(t *testing.T) {
	r := newRepo(t)
	r.commit("a/a.go", shifted(1))
	r.git("checkout", "-q", "-b", "side")
	want := r.commit("a/a.go", shifted(5))
	r.commit("a/a.go", shifted(6))
	r.git("checkout", "-q", "main")
	r.commit("b.go", "package m\n")
	r.git("merge", "-q", "--no-ff", "-m", "x", "side")
	r.commit("a/a.go", shifted(7))
	if fit := find(t, r.dir, wants(recordedAs, 5), Options{}); fit.Commit != want || fit.Share != 1 {
		t.Errorf("%+v, want %s", fit, want)
	}
}

// TestElsewhere looks for commits that the work tree's history does not contain: of a
// release branch, behind a tag, and later than what is checked out.
func TestElsewhere(t *testing.T) {
	r := newRepo(t)
	first := r.commit("a/a.go", shifted(1))
	r.git("checkout", "-q", "-b", "release")
	released := r.commit("a/a.go", shifted(5))
	r.commit("a/a.go", shifted(6))
	r.git("checkout", "-q", "--detach", first)
	tagged := r.commit("a/a.go", shifted(8))
	r.git("tag", "-a", "-m", "x", "v1")
	r.git("checkout", "-q", "main")
	later := r.commit("a/a.go", shifted(3))
	r.commit("a/a.go", shifted(4))
	for _, c := range []struct {
		at, ref, want string
		shift         int
	}{
		{"main", "release", released, 5},
		{"main", "v1", tagged, 8},
		{first, "main", later, 3},
		{"main", "", first, 1},
	} {
		r.git("checkout", "-q", c.at)
		if fit := find(t, r.dir, wants(recordedAs, c.shift), Options{}); fit.Commit != c.want || fit.Share != 1 || fit.Ref != c.ref {
			t.Errorf("from %s: %+v, want %s in %s", c.at, fit, c.want, c.ref)
		}
	}
}

// TestCommands has two commands, whose package tells nothing.
func TestCommands(t *testing.T) {
	r := newRepo(t)
	program := func(n int) string { return "package main\n" + strings.Repeat("\n", n) + "func main() {}\n" }
	want := r.commit("cmd/x/main.go", program(1), "cmd/y/main.go", program(2))
	r.commit("cmd/x/main.go", program(3), "cmd/y/main.go", program(1))
	fit := find(t, r.dir, []Want{{"main.main", "/src/m/cmd/x/main.go", 3, 1}}, Options{})
	if fit.Commit != want || fit.Here != 0 || fit.Named != 1 {
		t.Errorf("%+v, want %s", fit, want)
	}
}

// TestSubdirectory has the module below the root of the repository.
func TestSubdirectory(t *testing.T) {
	r := newRepo(t)
	want := r.commit("sub/a/a.go", shifted(1), "a/a.go", shifted(8))
	r.commit("sub/a/a.go", shifted(2), "a/a.go", shifted(1))
	if fit := find(t, filepath.Join(r.dir, "sub"), wants(recordedAs, 1), Options{}); fit.Commit != want {
		t.Errorf("%+v, want %s", fit, want)
	}
}

func TestNotes(t *testing.T) {
	r := newRepo(t)
	r.commit("a/a.go", shifted(1))
	r.commit("a/a.go", shifted(2))
	shallow := filepath.Join(t.TempDir(), "shallow")
	r.git("clone", "-q", "--depth", "1", "file://"+r.dir, shallow)
	plain := t.TempDir()
	if err := os.CopyFS(plain, os.DirFS(filepath.Join(r.dir, "a"))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, dir string
		want      []Want
		note      string
	}{
		{"shallow", shallow, wants(recordedAs, 1), "a shallow clone"},
		{"no repository", plain, wants(recordedAs, 1), "no git history"},
		{"no commit", r.dir, wants(recordedAs, 7), "no commit here fits"},
		{"old toolchain", r.dir, []Want{{"example.com/m/a.F", recordedAs, 0, 1}}, "before Go 1.20"},
	} {
		fit := find(t, c.dir, c.want, Options{})
		if fit.Commit != "" && c.name != "no commit" || !strings.Contains(fmt.Sprint(fit.Notes), c.note) {
			t.Errorf("%s: %+v, want a note with %q", c.name, fit, c.note)
		}
	}
	if _, err := Find(context.Background(), filepath.Join(r.dir, "none"), wants(recordedAs, 1), Options{}); err == nil {
		t.Error("no error without a work tree")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Find(ctx, r.dir, wants(recordedAs, 1), Options{}); err == nil {
		t.Error("no error after the end of the context")
	}
}

// FuzzParseSource: the history holds files that do not parse.
func FuzzParseSource(f *testing.F) {
	for _, seed := range []string{shifted(2), "package a\nfunc (T) M() {\n", "package a\n//line x.go:1\nfunc F() {}", "func", "package a\nfunc", "package a\nfunc (*T[A,B]) M() { func(){}() }"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for name, spans := range parseSource(text).decls {
			for _, s := range spans {
				if s.start < 1 || s.end < s.start {
					t.Errorf("%s from line %d to %d", name, s.start, s.end)
				}
			}
		}
	})
}

// FuzzParseLog: the output of git is read as far as it is understood.
func FuzzParseLog(f *testing.F) {
	f.Add("\x01abc 1 def\x00\n:100644 100644 aaa bbb M\x00x.go\x00\x01def 0\x00")
	f.Add("\x01\x00:\x00")
	f.Fuzz(func(t *testing.T, out string) {
		_, _ = parseLog(strings.NewReader(out), func(c *commit) bool { return len(c.changes) < 10 })
	})
}
