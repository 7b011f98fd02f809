package main

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// lines are those of the diagnostics, from 0.
func lines(list []lsp.Diagnostic) (all []int) {
	for _, d := range list {
		all = append(all, d.Range.Start.Line)
	}
	return all
}

// wantLine waits for the next diagnostics of a file: one in that line, or none where
// it is negative.
func (e *client) wantLine(what, name string, line int) {
	e.t.Helper()
	have := lines(e.diagnostics(name))
	if line < 0 && len(have) > 0 || line >= 0 && (len(have) != 1 || have[0] != line) {
		e.t.Fatalf("%s: findings of %s in lines %v, want %d", what, name, have, line)
	}
}

// TestLSPTyping edits without ever saving: findings follow the text that is shown.
func TestLSPTyping(t *testing.T) {
	e := startClient(t, appFiles(lockSource))
	e.begin(modern)
	e.open("app.go", lockSource)
	e.wantLine("at first", "app.go", 15)
	e.edit("app.go", "\n"+lockSource)
	e.wantLine("moved", "app.go", 16)
	if actions := e.actions("app.go", 16); len(actions) != 1 || *actions[0].Edit.DocumentChanges[0].TextDocument.Version != 2 {
		t.Errorf("have %+v", actions)
	}
	e.edit("app.go", unlocked)
	e.wantLine("mended", "app.go", -1)
	e.edit("app.go", lockSource+"}")                                     // does not compile: nothing is said
	e.edit("app.go", strings.Replace(lockSource, "type", "\n\ntype", 1)) // it does again
	e.wantLine("as it was, lower", "app.go", 17)
	e.notify("textDocument/didClose", e.document("app.go"))
	e.wantLine("closed without saving", "app.go", 15)
	if text, err := os.ReadFile(filepath.Join(e.dir, "app.go")); err != nil || string(text) != lockSource {
		t.Errorf("the file has become %q, %v", text, err)
	}
	e.end()
}

// TestLSPImports types what needs other packages than are saved: imports, and a file
// that there is not yet.
func TestLSPImports(t *testing.T) {
	e := startClient(t, appFiles("package app\n"))
	e.save("clean.go", unclean)
	e.begin(modern)
	e.wantLine("at first", "clean.go", 2)
	e.open("app.go", "package app\n")
	e.edit("app.go", lockSource)
	e.wantLine("imports added", "app.go", 15)
	e.edit("app.go", "package app\n")
	e.wantLine("imports removed", "app.go", -1)
	e.open("sub/new.go", strings.Replace(lockSource, "package app", "package sub", 1))
	e.wantLine("a package that is not saved", "sub/new.go", 15)
	e.end()
}

// unclean has one finding that nothing here touches.
const unclean = "package app\n\n//concurlint:ignore fanout nothing is started\nvar _ int\n"

// TestLSPCallers types in a package what makes a caller in another one wrong.
func TestLSPCallers(t *testing.T) {
	const leaf = "package leaf\n\nimport \"net/http\"\n\nvar _ = http.Get\n\nfunc Get() error { return nil }\n"
	e := startClient(t, map[string]string{
		"go.mod":       "module example.com/app\n\ngo 1.26\n",
		"leaf/leaf.go": leaf,
		"app.go":       strings.NewReplacer("\t\"net/http\"\n", "\t\"example.com/app/leaf\"\n", "*http.Response", "error", "c.data[url], err = http.Get(url)", "err = leaf.Get()").Replace(lockSource),
		"clean.go":     unclean,
	})
	e.begin(modern)
	e.wantLine("at first", "clean.go", 2)
	e.open("leaf/leaf.go", leaf)
	e.edit("leaf/leaf.go", strings.Replace(leaf, "return nil", "_, err := http.Get(\"http://localhost\"); return err", 1))
	e.wantLine("the callee waits", "app.go", 15)
	e.edit("leaf/leaf.go", leaf)
	e.wantLine("it does not any more", "app.go", -1)
	e.end()
}

// TestLSPFolders opens and closes folders, each with its own module and configuration.
func TestLSPFolders(t *testing.T) {
	files := make(map[string]string)
	for _, dir := range []string{"a", "b", "a/inner"} {
		for name, text := range appFiles(lockSource) {
			files[dir+"/"+name] = text
		}
	}
	files["b/.concurlint.yaml"] = "rules:\n  lockio: off\n"
	files["b/clean.go"] = unclean
	e := startClient(t, files)
	e.answer("initialize", map[string]any{"workspaceFolders": e.folders("a")}, nil)
	e.notify("initialized", struct{}{})
	e.wantLine("the first folder", "a/app.go", 15)
	change := func(added, removed []any) {
		e.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{"added": added, "removed": removed}})
	}
	change(e.folders("b", "a/inner"), nil)
	e.wantLine("the second, whose configuration is another", "b/clean.go", 2)
	e.wantLine("one inside of the first", "a/inner/app.go", 15)
	if e.hover("b/app.go", 12, 17) == "" || e.hover("a/app.go", 12, 17) == "" || e.hover("a/inner/app.go", 12, 17) == "" {
		t.Error("a folder has no hover")
	}
	change(nil, e.folders("a"))
	e.wantLine("closed", "a/app.go", -1)
	if have := e.hover("a/app.go", 12, 17); have != "" {
		t.Errorf("a closed folder has %q", have)
	}
	e.open("a/inner/app.go", lockSource)
	e.edit("a/inner/app.go", "\n"+lockSource)
	e.wantLine("typed in the one that was inside", "a/inner/app.go", 16)
	change(e.folders("absent"), nil)
	e.want("a message", func(m message) bool {
		return m.Method == "window/showMessage" && bytes.Contains(m.Params, []byte("absent"))
	})
	e.end()
}

// TestFramesMemory claims a message that does not come.
func TestFramesMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := frames{in: bufio.NewReader(strings.NewReader("Content-Length: 67108864\r\n\r\n{}"))}.Recv()
	runtime.ReadMemStats(&after)
	if err == nil || err.Error() != "a message of 67108864 bytes ends after 2" {
		t.Errorf("have %v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes were taken for it", n)
	}
}
