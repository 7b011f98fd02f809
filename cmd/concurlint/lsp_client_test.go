package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// patience ends a test that waits for what will not come.
const patience = 2 * time.Minute

// A client is an editor that shares no code with the server.
type client struct {
	t      *testing.T
	dir    string
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr bytes.Buffer
	id     int
	said   []message // and not asked for yet
}

// A message is any of the protocol.
type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// startClient starts the server in a directory that is not the one it is told of.
func startClient(t *testing.T, files map[string]string, args ...string) *client {
	t.Helper()
	e := &client{t: t, dir: t.TempDir()}
	for name, text := range files {
		e.save(name, text)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	e.cmd = exec.CommandContext(ctx, "concurlint", append([]string{"lsp"}, args...)...)
	e.cmd.Dir = t.TempDir()
	e.cmd.Env = append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "XDG_CACHE_HOME="+t.TempDir())
	e.cmd.Stderr = &e.stderr
	out, err := e.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if e.stdin, err = e.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	e.stdout = bufio.NewReader(out)
	if err := e.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *client) save(name, text string) {
	e.t.Helper()
	file := filepath.Join(e.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(text), 0o666)); err != nil {
		e.t.Fatal(err)
	}
}

func (e *client) uri(name string) string { return lsp.URI(filepath.Join(e.dir, name)) }

// raw sends what may be no message at all.
func (e *client) raw(text string) {
	e.t.Helper()
	if _, err := fmt.Fprintf(e.stdin, "Content-Length: %d\r\n\r\n%s", len(text), text); err != nil {
		e.t.Fatal(err)
	}
}

func (e *client) read() (m message, err error) {
	length := 0
	for {
		line, err := e.stdout.ReadString('\n')
		if err != nil {
			return m, err
		}
		if line == "\r\n" {
			break
		}
		fmt.Sscanf(line, "Content-Length: %d", &length)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(e.stdout, text); err != nil {
		return m, err
	}
	return m, json.Unmarshal(text, &m)
}

// want returns the next message that is, keeping the others.
func (e *client) want(what string, is func(message) bool) message {
	e.t.Helper()
	for i, m := range e.said {
		if is(m) {
			e.said = append(e.said[:i], e.said[i+1:]...)
			return m
		}
	}
	for {
		m, err := e.read()
		if err != nil {
			e.t.Fatalf("want %s, have %v; it said %s and %+v", what, err, e.stderr.String(), e.said)
		}
		if is(m) {
			return m
		}
		e.said = append(e.said, m)
	}
}

func (e *client) notify(method string, params any) {
	e.t.Helper()
	text, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
	if err != nil {
		e.t.Fatal(err)
	}
	e.raw(string(text))
}

func (e *client) ask(method string, params any) message {
	e.t.Helper()
	e.id++
	text, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": e.id, "method": method, "params": params})
	if err != nil {
		e.t.Fatal(err)
	}
	e.raw(string(text))
	return e.want("an answer to "+method, func(m message) bool { return string(m.ID) == fmt.Sprint(e.id) && m.Method == "" })
}

// answer asks what must have an answer without error.
func (e *client) answer(method string, params, into any) {
	e.t.Helper()
	m := e.ask(method, params)
	if m.Error != nil {
		e.t.Fatalf("%s: %+v", method, *m.Error)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(m.Result, into); err != nil {
		e.t.Fatalf("%s: %v in %s", method, err, m.Result)
	}
}

// begin says what the editor can do, and waits for nothing.
func (e *client) begin(capabilities string) lsp.InitializeResult {
	e.t.Helper()
	var r lsp.InitializeResult
	e.answer("initialize", map[string]any{"rootUri": lsp.URI(e.dir), "capabilities": json.RawMessage(capabilities)}, &r)
	e.notify("initialized", struct{}{})
	return r
}

// folders are such of the editor.
func (e *client) folders(names ...string) []any {
	list := []any{}
	for _, name := range names {
		list = append(list, map[string]any{"uri": e.uri(name), "name": name})
	}
	return list
}

// diagnostics waits for the next ones of the file.
func (e *client) diagnostics(name string) []lsp.Diagnostic {
	e.t.Helper()
	var p lsp.PublishParams
	e.want("diagnostics of "+name, func(m message) bool {
		return m.Method == "textDocument/publishDiagnostics" && json.Unmarshal(m.Params, &p) == nil && p.URI == e.uri(name)
	})
	return p.Diagnostics
}

func (e *client) document(name string) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": e.uri(name)}}
}

func (e *client) open(name, text string) {
	e.t.Helper()
	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": e.uri(name), "languageId": "go", "version": 1, "text": text}})
}

func (e *client) edit(name, text string) {
	e.t.Helper()
	e.notify("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": e.uri(name), "version": 2}, "contentChanges": []any{map[string]any{"text": text}},
	})
}

func (e *client) hover(name string, line, character int) string {
	e.t.Helper()
	var h *lsp.Hover
	p := e.document(name)
	p["position"] = lsp.Position{Line: line, Character: character}
	e.answer("textDocument/hover", p, &h)
	if h == nil {
		return ""
	}
	return h.Contents.Value
}

func (e *client) actions(name string, line int) []lsp.CodeAction {
	e.t.Helper()
	var list []lsp.CodeAction
	p := e.document(name)
	at := lsp.Position{Line: line}
	p["range"], p["context"] = lsp.Range{Start: at, End: at}, map[string]any{"diagnostics": []any{}}
	e.answer("textDocument/codeAction", p, &list)
	return list
}

// end leaves politely.
func (e *client) end() {
	e.t.Helper()
	e.answer("shutdown", nil, nil)
	e.notify("exit", nil)
	e.left(exitClean)
}

func (e *client) left(status int) {
	e.t.Helper()
	io.Copy(io.Discard, e.stdout)
	err := e.cmd.Wait()
	if have := e.cmd.ProcessState.ExitCode(); have != status || strings.Contains(e.stderr.String(), "internal error") {
		e.t.Errorf("status %d (%v), want %d: %s", have, err, status, e.stderr.String())
	}
}
