package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// lockSource has a lock that is held while a peer answers, and 𝕏, two units in
// UTF-16 and four bytes, in front of it.
const lockSource = `package app

import (
	"net/http"
	"sync"
)

type cache struct {
	mu   sync.Mutex
	data map[string]*http.Response
}

func (c *cache) get(url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := "𝕏", fill(c, url)
	_ = err
}

func (c *cache) has(url string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.data[url] != nil
}

func fill(c *cache, url string) (err error) {
	c.data[url], err = http.Get(url)
	return err
}
`

// unlocked is what the file looks like when the finding is mended.
var unlocked = strings.Replace(lockSource, "\tdefer c.mu.Unlock()\n\t_, err", "\tc.mu.Unlock()\n\t_, err", 1)

const (
	modern = `{"general":{"positionEncodings":["utf-8","utf-16"]},"textDocument":{"publishDiagnostics":{"relatedInformation":true}},` +
		`"workspace":{"workspaceEdit":{"documentChanges":true,"snippetEditSupport":true}}}`
	plainest = `{}`
)

func appFiles(text string) map[string]string {
	return map[string]string{"go.mod": "module example.com/app\n\ngo 1.26\n", "app.go": text}
}

// TestLSP is a conversation from the beginning to the end.
func TestLSP(t *testing.T) {
	e := startClient(t, appFiles(lockSource))
	if r := e.begin(modern); r.Capabilities.PositionEncoding != lsp.UTF8 || !r.Capabilities.HoverProvider {
		t.Errorf("have %+v", r)
	}
	e.open("app.go", lockSource)
	list := e.diagnostics("app.go")
	if len(list) != 1 {
		t.Fatalf("have %+v", list)
	}
	d := list[0]
	if want := (lsp.Range{Start: lsp.Position{Line: 15, Character: 19}, End: lsp.Position{Line: 15, Character: 31}}); d.Range != want || d.Code != "lockio" || d.Severity != lsp.Warning || d.CodeDescription.Href == "" {
		t.Errorf("have %+v, want lockio at %v", d, want)
	}
	if n := len(d.RelatedInformation); n < 3 || d.RelatedInformation[0].Location.URI != e.uri("app.go") || !strings.HasPrefix(d.RelatedInformation[0].Message, "via ") ||
		d.RelatedInformation[n-1].Message == "" || d.RelatedInformation[n-1].Location.Range.Start.Line == 0 {
		t.Errorf("have %+v", d.RelatedInformation)
	}
	for _, test := range []struct {
		line, character int
		want            string
	}{
		{12, 17, "class `io`"},                             // its declaration
		{15, 20, "app.go:27](" + e.uri("app.go") + "#L27"}, // a call of a function of ours
		{15, 20, "confidence 0."},
		{26, 27, "described in its knowledge\n- net, always"}, // one of the standard library
		{13, 8, ""}, // a method of another package: types of imports are not looked at
		{0, 0, ""},
		{999, 999, ""},
	} {
		have := e.hover("app.go", test.line, test.character)
		if !strings.Contains(have, test.want) || (test.want == "") != (have == "") {
			t.Errorf("at %d:%d have %q, want %q", test.line, test.character, have, test.want)
		}
	}
	actions := e.actions("app.go", 15)
	if len(actions) != 1 || len(e.actions("app.go", 2)) > 0 {
		t.Fatalf("have %+v", actions)
	}
	edit := actions[0].Edit.DocumentChanges[0]
	if s := edit.Edits[0].Snippet; *edit.TextDocument.Version != 1 || s == nil || s.Value != "//concurlint:ignore lockio ${1:reason}\n\t" {
		t.Errorf("have %+v", edit)
	}

	e.edit("app.go", "\n"+lockSource)
	if have := e.hover("app.go", 13, 17); !strings.Contains(have, "class `io`") {
		t.Errorf("in moved text have %q", have)
	}
	e.edit("app.go", unlocked)
	e.save("app.go", unlocked)
	e.notify("textDocument/didSave", e.document("app.go"))
	if list := e.diagnostics("app.go"); len(list) > 0 {
		t.Errorf("have %+v", list)
	}
	e.notify("textDocument/didClose", e.document("app.go"))
	e.end()
}

// TestLSPFix applies a fix, and the directive of an editor without snippets.
func TestLSPFix(t *testing.T) {
	e := startClient(t, appFiles(badSource+strings.TrimPrefix(lockSource, "package app\n")), "-severity", "note")
	e.save("app.go", strings.Replace(lockSource, "type cache", "//concurlint:ignore fanout nothing is started\ntype cache", 1))
	if r := e.begin(plainest); r.Capabilities.PositionEncoding != lsp.UTF16 {
		t.Errorf("have %+v", r)
	}
	list := e.diagnostics("app.go")
	if len(list) != 2 || list[1].Range.Start != (lsp.Position{Line: 16, Character: 17}) || list[1].RelatedInformation != nil || !strings.Contains(list[1].Message, "\nvia app.go:17:20: ") {
		t.Fatalf("have %+v", list)
	}
	fixes := e.actions("app.go", 7)
	if len(fixes) != 1 || !fixes[0].IsPreferred {
		t.Fatalf("have %+v", fixes)
	}
	text := applied(t, e, e.applied("app.go", fixes[0]))
	if strings.Contains(text, "//concurlint") {
		t.Errorf("have %s", text)
	}
	if list := e.diagnostics("app.go"); len(list) != 1 || list[0].Code != "lockio" {
		t.Fatalf("have %+v", list)
	}
	ignores := e.actions("app.go", 15)
	if len(ignores) != 1 {
		t.Fatalf("have %+v", ignores)
	}
	text = applied(t, e, e.applied("app.go", ignores[0]))
	if !strings.Contains(text, "\n\t//concurlint:ignore lockio \n\t_, err") {
		t.Errorf("have %s", text)
	}
	if list := e.diagnostics("app.go"); len(list) != 1 || !strings.Contains(list[0].Message, "gives no reason") {
		t.Errorf("have %+v", list)
	}
	e.end()
}

// applied is the saved file with the edits of the action.
func (e *client) applied(name string, a lsp.CodeAction) string {
	e.t.Helper()
	content, err := os.ReadFile(filepath.Join(e.dir, name))
	if err != nil {
		e.t.Fatal(err)
	}
	edits := a.Edit.Changes[e.uri(name)]
	if len(edits) != 1 || edits[0].NewText == nil {
		e.t.Fatalf("have %+v", a)
	}
	text := lsp.NewText(string(content))
	start, end := text.Offset(lsp.UTF16, edits[0].Range.Start), text.Offset(lsp.UTF16, edits[0].Range.End)
	return string(content[:start]) + *edits[0].NewText + string(content[end:])
}

// applied saves the text, and tells.
func applied(t *testing.T, e *client, text string) string {
	t.Helper()
	e.save("app.go", text)
	e.notify("textDocument/didSave", e.document("app.go"))
	return text
}

// TestLSPMalformed sends what no editor should. Each is answered by an error, and
// what follows is as if it had not been.
func TestLSPMalformed(t *testing.T) {
	e := startClient(t, appFiles(lockSource))
	code := func(what string, m message, want int) {
		t.Helper()
		if m.Error == nil || m.Error.Code != want {
			t.Errorf("%s: have %+v, want error %d", what, m, want)
		}
	}
	anonymous := func(m message) bool { return string(m.ID) == "null" }
	code("early", e.ask("textDocument/hover", e.document("app.go")), lsp.NotInitialized)
	e.begin(modern)
	e.diagnostics("app.go")
	code("twice", e.ask("initialize", struct{}{}), lsp.InvalidRequest)
	code("unknown", e.ask("textDocument/nonsense", struct{}{}), -32601)
	code("shape", e.ask("textDocument/hover", []int{1, 2}), -32602)
	code("type", e.ask("textDocument/hover", map[string]any{"position": "here"}), -32602)
	for _, text := range []string{"{", "nonsense", `"text"`, "[]", `{"jsonrpc":"2.0","method":7,"id":[]}`} {
		e.raw(text)
		if m := e.want("an error for "+text, anonymous); m.Error == nil {
			t.Errorf("%s: have %+v", text, m)
		}
	}
	for _, method := range []string{"textDocument/didOpen", "textDocument/didChange", "textDocument/didSave", "textDocument/didClose", "$/cancelRequest", "nonsense"} {
		e.notify(method, nil)
		e.notify(method, []int{1})
		e.notify(method, map[string]any{"textDocument": map[string]any{"uri": "%"}})
	}
	for _, uri := range []string{"", "%", "untitled:Untitled-1", "file:///", lsp.URI(e.dir), lsp.URI(t.TempDir()) + "/absent.go"} {
		var h *lsp.Hover
		var list []lsp.CodeAction
		p := map[string]any{"textDocument": map[string]any{"uri": uri}, "position": lsp.Position{Line: -1, Character: 1 << 30}}
		e.answer("textDocument/hover", p, &h)
		e.answer("textDocument/codeAction", p, &list)
		if h != nil || len(list) > 0 {
			t.Errorf("%q: have %+v and %+v", uri, h, list)
		}
	}
	if e.hover("app.go", 12, 17) == "" {
		t.Error("it has lost its way")
	}
	e.answer("shutdown", nil, nil)
	code("late", e.ask("textDocument/hover", e.document("app.go")), lsp.InvalidRequest)
	e.notify("exit", nil)
	e.left(exitClean)
}

// TestLSPBroken opens files that cannot be checked: of a package that does not
// compile, of none, and of another module.
func TestLSPBroken(t *testing.T) {
	e := startClient(t, appFiles(brokenSource))
	e.begin(modern)
	e.open("app.go", brokenSource)
	e.want("a log entry", func(m message) bool {
		return m.Method == "window/logMessage" && bytes.Contains(m.Params, []byte("does not compile: app.go:4:15"))
	})
	if have := e.hover("app.go", 3, 6); have != "" {
		t.Errorf("have %s", have)
	}
	outside := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(outside, []byte(lockSource), 0o666); err != nil {
		t.Fatal(err)
	}
	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": lsp.URI(outside), "text": lockSource, "version": 1}})
	var h *lsp.Hover
	e.answer("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": lsp.URI(outside)}, "position": lsp.Position{Line: 12, Character: 17}}, &h)
	if h != nil {
		t.Errorf("have %+v", h)
	}
	e.edit("app.go", lockSource)
	e.save("app.go", lockSource)
	e.notify("textDocument/didSave", e.document("app.go"))
	if list := e.diagnostics("app.go"); len(list) != 1 {
		t.Errorf("have %+v", list)
	}
	// While it does not compile it has the findings and functions that it had.
	e.edit("app.go", lockSource+"}")
	e.save("app.go", lockSource+"}")
	e.notify("textDocument/didSave", e.document("app.go"))
	e.want("a log entry", func(m message) bool {
		return m.Method == "window/logMessage" && bytes.Contains(m.Params, []byte("does not compile: app.go:30:"))
	})
	if have := e.hover("app.go", 12, 17); !strings.Contains(have, "class `io`") {
		t.Errorf("have %q", have)
	}
	e.end()
}

// TestLSPNothing opens a folder without a module, which a save makes one.
func TestLSPNothing(t *testing.T) {
	e := startClient(t, map[string]string{"app.go": lockSource})
	e.begin(modern)
	m := e.want("a message", func(m message) bool { return m.Method == "window/showMessage" })
	if !bytes.Contains(m.Params, []byte("run concurlint inside a module")) {
		t.Errorf("have %s", m.Params)
	}
	e.save("go.mod", "module example.com/app\n\ngo 1.26\n")
	e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{}})
	if list := e.diagnostics("app.go"); len(list) != 1 {
		t.Errorf("have %+v", list)
	}
	e.stdin.Close() // it has crashed
	e.left(exitFindings)
}

// TestLSPConfiguration reads that of the folder, and refuses one that cannot be.
func TestLSPConfiguration(t *testing.T) {
	files := appFiles(lockSource)
	files[".concurlint.yaml"] = "rules:\n  lockio: off\n  contract: on\n"
	files["bad.go"] = badSource[:len("package app\n\n")] + "//concurlint:ignore fanout nothing is started\nvar _ int\n"
	e := startClient(t, files)
	e.begin(modern)
	if list := e.diagnostics("bad.go"); len(list) != 1 || len(e.actions("app.go", 15)) > 0 {
		t.Errorf("have %+v", list)
	}
	e.end()

	e = startClient(t, map[string]string{".concurlint.yaml": "rulse:\n"})
	m := e.ask("initialize", map[string]any{"workspaceFolders": []any{map[string]any{"uri": lsp.URI(e.dir)}}})
	if m.Error == nil || !strings.Contains(m.Error.Message, ".concurlint.yaml:1:1") {
		t.Errorf("have %+v", m.Error)
	}
	e.notify("exit", nil)
	e.cmd.Wait()
	if e.cmd.ProcessState.ExitCode() != exitFindings || strings.Count(e.stderr.String(), "\n") != 1 {
		t.Errorf("%v: %s", e.cmd.ProcessState, e.stderr.String())
	}
}

// TestLSPUnreadable sends bytes that are no frame, and frames of more bytes than are
// taken or than come: nothing after them has a meaning.
func TestLSPUnreadable(t *testing.T) {
	for text, want := range map[string]string{
		"GET / HTTP/1.1\r\n\r\n":                          `a header that is none: "GET / HTTP/1.1"`,
		"Content-Length: 4611686018427387904\r\n\r\n{}":   "a message of 4611686018427387904 bytes; want at most 67108864",
		"Content-Length: 67108865\r\n\r\n{}":              "a message of 67108865 bytes; want at most 67108864",
		"Content-Length: -1\r\n\r\n{}":                    "a message of -1 bytes; want at most 67108864",
		"Content-Length: 1e3\r\n\r\n{}":                   "a message of 1e3 bytes; want at most 67108864",
		"Content-Type: text\r\n\r\n{}":                    "a message without Content-Length",
		"X: " + strings.Repeat("x", 1<<20) + "\r\n\r\n{}": `a header that begins "X: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"`,
	} {
		e := startClient(t, nil)
		if errors.Is(e.cmd.Err, exec.ErrNotFound) {
			t.Fatal(e.cmd.Err)
		}
		io.WriteString(e.stdin, text)
		e.cmd.Wait()
		said := e.stderr.String()
		if e.cmd.ProcessState.ExitCode() != exitFailed || said != "concurlint: cannot read what the editor sent: "+want+"\n" {
			t.Errorf("%.60q: %v: %s", text, e.cmd.ProcessState, said)
		}
	}
}
