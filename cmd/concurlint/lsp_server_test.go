package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/channel"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/classify"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// newTestServer is a server in this process, for what no editor can see from outside,
// and what it tells the editor.
func newTestServer(t *testing.T) (*server, <-chan message) {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOPROXY", "off")
	_, opts, err := parse([]string{lspName})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	s := newServer(ctx, opts, io.Discard)
	told := make(chan message, 100)
	editor, ours := channel.Direct()
	s.rpc = jrpc2.NewServer(s, &jrpc2.ServerOptions{AllowPush: true}).Start(ours)
	go func() {
		for {
			text, err := editor.Recv()
			var m message
			if err != nil || json.Unmarshal(text, &m) != nil {
				return
			}
			told <- m
		}
	}()
	t.Cleanup(func() {
		cancel()
		editor.Close()
		s.rpc.Wait()
		s.rounds.Wait()
	})
	return s, told
}

// newTestFolder writes files and opens their folder, without rounds.
func newTestFolder(t *testing.T, s *server, files map[string]string) *folder {
	t.Helper()
	f, err := s.newFolder(writeFolder(t, files))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.close)
	s.folders = append(s.folders, f)
	return f
}

func writeFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	return dir
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (s *server) editorOpens(file, text string) {
	s.opened(lsp.DocumentParams{TextDocument: lsp.Document{URI: lsp.URI(file), Version: new(int), Text: text}})
}

func (s *server) editorTypes(t *testing.T, file, text string) {
	t.Helper()
	if !s.change(file, changed(file, text)) {
		t.Fatal("the file is not open")
	}
	s.typed(file)
}

func changed(file, text string) (p lsp.ChangeParams) {
	p.TextDocument = lsp.Document{URI: lsp.URI(file), Version: new(int)}
	p.ContentChanges = slices.Grow(p.ContentChanges, 1)[:1]
	p.ContentChanges[0].Text = text
	return p
}

// TestFirstCheck types while everything is checked for the first time: the answer is
// about the text that was typed, and everything is checked afterwards.
func TestFirstCheck(t *testing.T) {
	s, _ := newTestServer(t)
	f := newTestFolder(t, s, appFiles(lockSource))
	write(t, filepath.Join(f.dir, "clean.go"), unclean)
	if err := os.Mkdir(filepath.Join(f.dir, "low"), 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(f.dir, "low", "low.go"), strings.Replace(unclean, "package app", "package low", 1))
	write(t, filepath.Join(f.dir, "above.go"), "package app\n\nimport _ \"example.com/app/low\"\n")
	file := filepath.Join(f.dir, "app.go")
	s.editorOpens(file, lockSource)
	typed := false
	known, err := newResident(f.opts, append(analyzers.All(), classify.Analyzer), func(int) {
		if !typed { // package low is done, the one above it is not
			typed = true
			s.editorTypes(t, file, strings.Replace(lockSource, "type cache", "\ntype cache", 1))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer known.session.Close()
	r := &checker{folder: f, packages: known, said: make(map[string]bool), begins: make(chan struct{}, 1)}
	if r.check() || len(f.typed) != 1 || len(f.outcome().files) > 0 {
		t.Fatalf("the first check was not cut short: %d edits wait, found %+v", len(f.typed), f.outcome().files)
	}
	if !r.glance() {
		t.Fatal("there is no answer without a whole check")
	}
	if c := f.outcome().files[file]; c == nil || c.findings[0].Line != 17 {
		t.Errorf("have %+v, want a finding in line 17", c)
	}
	if low := filepath.Join(f.dir, "low", "low.go"); !r.check() || f.outcome().files[low] == nil || f.outcome().files[file] == nil {
		t.Errorf("in the end have %+v", f.outcome().files)
	}
}

// TestTurn types in a folder that waits until another one has been checked.
func TestTurn(t *testing.T) {
	s, _ := newTestServer(t)
	f := newTestFolder(t, s, appFiles(lockSource))
	file := filepath.Join(f.dir, "app.go")
	s.editorOpens(file, lockSource)
	s.turn <- struct{}{} // it is another's
	r := &checker{folder: f}
	done := make(chan bool)
	go func() { done <- r.check() }()
	for waits := false; !waits; runtime.Gosched() {
		f.mu.Lock()
		waits = f.interrupt != nil
		f.mu.Unlock()
	}
	s.editorTypes(t, file, "\n"+lockSource)
	select {
	case whole := <-done:
		if whole || len(f.typed) != 1 {
			t.Errorf("whole %v, %d edits wait", whole, len(f.typed))
		}
	case <-s.ctx.Done():
		t.Fatal("it waits on")
	}
}

// TestTypedOrder wants a round to be ended before the next one is asked for, lest it
// is the next one that is ended.
func TestTypedOrder(t *testing.T) {
	s, _ := newTestServer(t)
	f := newTestFolder(t, s, appFiles(lockSource))
	asked := -1
	f.interrupt = func() { asked = len(f.typed) }
	s.typed(filepath.Join(f.dir, "app.go"))
	if asked != 0 || len(f.typed) != 1 {
		t.Errorf("%d rounds were asked for before, %d are now", asked, len(f.typed))
	}
}

// TestUnsavedTexts undoes an edit, has another program write the file, and types on
// while the editor saves.
func TestUnsavedTexts(t *testing.T) {
	s, _ := newTestServer(t)
	f := newTestFolder(t, s, appFiles(lockSource))
	file := filepath.Join(f.dir, "app.go")
	want := func(what, text string) {
		t.Helper()
		texts, versions := f.unsaved()
		if have, ok := texts[file]; string(have) != text || ok != (text != "") || versions[file] == nil {
			t.Errorf("%s: %q is not saved, want %q", what, have, text)
		}
	}
	s.editorOpens(file, lockSource)
	want("opened", "")
	s.editorTypes(t, file, unlocked)
	want("typed", unlocked)
	s.editorTypes(t, file, lockSource)
	want("undone", "")
	s.editorTypes(t, file, unlocked)
	write(t, file, unlocked)
	want("written by another program", "")
	write(t, file, lockSource)
	want("and back", unlocked)
	s.editorTypes(t, file, unlocked+"\n")
	s.saved(lsp.DocumentParams{TextDocument: lsp.Document{URI: lsp.URI(file)}})
	want("typed on while it was saved", unlocked+"\n")
}

// TestRefreshVersion shows the same findings of another text: the editor is told, once.
func TestRefreshVersion(t *testing.T) {
	s, told := newTestServer(t)
	f := newTestFolder(t, s, appFiles(lockSource))
	file := filepath.Join(f.dir, "app.go")
	for version := range 2 {
		f.last = outcome{files: map[string]*checkedFile{file: {version: &version, diagnostics: []lsp.Diagnostic{{Code: "lockio"}}}}}
		s.refresh()
		s.refresh()
		s.log("end")
		var p lsp.PublishParams
		if err := json.Unmarshal((<-told).Params, &p); err != nil || p.Version == nil || *p.Version != version {
			t.Errorf("have %+v (%v), want version %d", p, err, version)
		}
		if m := <-told; m.Method != "window/logMessage" {
			t.Errorf("it is told again: %s %s", m.Method, m.Params)
		}
	}
}

// begun reports whether the rounds of a folder have begun, and if not has them begin
// no more.
func begun(f *folder) bool {
	yes := true
	f.begun.Do(func() { yes = false })
	return yes
}

// TestFoldersLife opens folders before the editor is ready, and begins twice.
func TestFoldersLife(t *testing.T) {
	s, _ := newTestServer(t)
	dirs := make([]string, 4)
	for i := range dirs {
		dirs[i] = writeFolder(t, appFiles("package app\n"))
	}
	t.Chdir(dirs[0])
	opening := func(dirs ...string) (list []lsp.Folder) {
		for _, dir := range dirs {
			list = append(list, lsp.Folder{URI: lsp.URI(dir)})
		}
		return list
	}
	have := func(want ...string) {
		t.Helper()
		var dirs []string
		for _, f := range s.all() {
			dirs = append(dirs, f.dir)
		}
		if !slices.Equal(dirs, want) {
			t.Fatalf("open are %v, want %v", dirs, want)
		}
	}
	refold := func(added, removed []lsp.Folder) {
		var p lsp.FoldersParams
		p.Event.Added, p.Event.Removed = added, removed
		s.refolded(p)
	}

	write(t, filepath.Join(dirs[1], ".concurlint.yaml"), "rulse:\n")
	before := notifiers(t)
	if err := s.inPlace("initialize"); err != nil {
		t.Fatal(err)
	}
	if s.inPlace("initialize") == nil {
		t.Error("it is initialized by two at once")
	}
	if _, err := s.initialize(lsp.InitializeParams{WorkspaceFolders: opening(dirs[0], dirs[1])}); err == nil {
		t.Fatal("a configuration that cannot be read was taken")
	}
	have()
	if now := notifiers(t); now != before {
		t.Errorf("%d watchers are open, were %d", now, before)
	}
	write(t, filepath.Join(dirs[1], ".concurlint.yaml"), "")
	if err := s.inPlace("initialize"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.initialize(lsp.InitializeParams{WorkspaceFolders: opening(dirs[0], dirs[1], dirs[0])}); err != nil {
		t.Fatal(err)
	}
	have(dirs[0], dirs[1])

	refold(opening(dirs[2], dirs[0]), opening(dirs[1]))
	have(dirs[0], dirs[2])
	if now := notifiers(t); before >= 0 && now != before+2 {
		t.Errorf("%d watchers are open, want 2 more than %d", now, before)
	}
	if begun(s.folders[1]) {
		t.Error("the rounds begin before the editor is ready")
	}
	for range 2 { // an editor may say twice that it is
		if _, err := s.begin(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	refold(opening(dirs[3]), nil)
	have(dirs[0], dirs[2], dirs[3])
	if !begun(s.folders[0]) || !begun(s.folders[2]) {
		t.Error("the rounds do not begin")
	}
}

// notifiers counts the watchers of files that this process has open, -1 where there is
// no telling.
func notifiers(t *testing.T) (n int) {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return -1
	}
	for _, e := range list {
		if to, _ := os.Readlink(filepath.Join("/proc/self/fd", e.Name())); strings.Contains(to, "inotify") {
			n++
		}
	}
	return n
}
