package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/channel"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

const lspName = "lsp"

var lspFlags = []string{"C", "severity", "confidence", "enable", "disable", "tests", "knowledge", "config"}

const lspUsage = `usage: concurlint lsp [flags] [packages]

Serves an editor: speaks the Language Server Protocol on standard input and
output, until the editor ends it. The directories are those of the folders that the
editor has opened, or that of -C; the packages are by default ./... there. Each
folder has the configuration that is found in it or above.

Findings are those of the text that the editor shows, saved or not: of the package
that you edit in each pause, of those above it once you stop for a second. At a
function's name, where it is declared or called, the editor shows its class and why.
On a line with a finding it offers the fix, if there is one, and a
//concurlint:ignore to which you add the reason.

Exit status: 0 after the editor's shutdown, 1 if it left without, 2 if what it
sent could not be read.
`

// languageServer serves an editor on standard input and output.
func languageServer(ctx context.Context, opts *options, stdout, stderr io.Writer) (int, error) {
	if err := opts.enter(); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := newServer(ctx, opts, stderr)
	out := &replies{w: stdout}
	s.rpc = jrpc2.NewServer(s, &jrpc2.ServerOptions{AllowPush: true, Concurrency: handlers})
	s.rpc.Start(frames{bufio.NewReader(os.Stdin), out})
	ended := make(chan error, 1)
	go func() { ended <- s.rpc.Wait() }()
	var err error
	select {
	case err = <-ended:
	case <-s.left: // whatever else is on standard input
	case <-ctx.Done():
		err = check.ErrInterrupted
	}
	out.Close()
	cancel()
	s.rounds.Wait()
	switch {
	case errors.Is(err, check.ErrInterrupted):
		return 0, err
	case err != nil && !errors.Is(err, io.EOF) && !channel.IsErrClosing(err):
		return 0, fmt.Errorf("cannot read what the editor sent: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase != shut {
		return exitFindings, nil // the status that the protocol wants
	}
	return exitClean, nil
}

// handlers is how many requests are answered at once: all are short.
const handlers = 4

// Replies writes each message at once, and none after it was closed.
type replies struct {
	mu     sync.Mutex
	w      io.Writer
	closed bool
}

func (r *replies) Write(text []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return 0, io.ErrClosedPipe
	}
	n, err := r.w.Write(text)
	if f, ok := r.w.(interface{ Flush() error }); ok && err == nil {
		err = f.Flush()
	}
	return n, err
}

// Close implements io.Closer.
func (r *replies) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return nil
}

// A server is what an editor talks to.
type server struct {
	ctx     context.Context
	opts    *options
	stderr  io.Writer
	rpc     *jrpc2.Server
	methods map[string]jrpc2.Handler
	left    chan struct{} // closed when the editor says exit
	leave   func()
	rounds  sync.WaitGroup
	turn    chan struct{} // of the folders, to check everything

	mu        sync.Mutex // of all below
	phase     phase
	client    lsp.ClientCapabilities
	encoding  lsp.Encoding
	documents map[string]lsp.Document // that the editor has open, by file
	folders   []*folder

	showing sync.Mutex // held while the editor is told of findings
	shown   map[string]*checkedFile
}

// A phase is how far the conversation has come.
type phase int

const (
	fresh       phase = iota
	entering          // initialize is being answered
	initialized       // it was; the editor is not to hear of findings yet
	ready
	shut
)

func newServer(ctx context.Context, opts *options, stderr io.Writer) *server {
	s := &server{ctx: ctx, opts: opts, stderr: stderr, left: make(chan struct{}), turn: make(chan struct{}, 1), documents: make(map[string]lsp.Document)}
	s.leave = sync.OnceFunc(func() { close(s.left) })
	s.methods = map[string]jrpc2.Handler{
		"initialize":                          answering(s.initialize),
		"initialized":                         s.begin,
		"shutdown":                            s.shutdown,
		"exit":                                s.exit,
		"textDocument/didOpen":                noting(s.opened),
		"textDocument/didChange":              noting(s.edited),
		"textDocument/didSave":                noting(s.saved),
		"textDocument/didClose":               noting(s.closed),
		"workspace/didChangeWatchedFiles":     s.written,
		"workspace/didChangeWorkspaceFolders": noting(s.refolded),
		"textDocument/hover":                  answering(s.hover),
		"textDocument/codeAction":             answering(s.actions),
	}
	return s
}

// answering and noting read the parameters of requests and of notifications.
func answering[P, R any](f func(P) (R, error)) jrpc2.Handler {
	return func(_ context.Context, req *jrpc2.Request) (any, error) {
		var p P
		if err := req.UnmarshalParams(&p); err != nil {
			return nil, jrpc2.Errorf(jrpc2.InvalidParams, "%v", err)
		}
		return f(p)
	}
}

func noting[P any](f func(P)) jrpc2.Handler {
	return answering(func(p P) (any, error) {
		f(p)
		return nil, nil
	})
}

// Assign implements jrpc2.Assigner: what has its place elsewhere in the
// conversation is refused, and a defect of ours costs one answer.
func (s *server) Assign(_ context.Context, method string) jrpc2.Handler {
	h := s.methods[method]
	if h == nil {
		return nil
	}
	return func(ctx context.Context, req *jrpc2.Request) (result any, err error) {
		defer func() {
			if e := recover(); e != nil {
				err = jrpc2.Errorf(jrpc2.InternalError, "%s: %v; please report it at https://github.com/concurlint/concurlint/issues", method, e)
			}
		}()
		if err := s.inPlace(method); err != nil {
			return nil, err
		}
		return h(ctx, req)
	}
}

func (s *server) inPlace(method string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case method == "exit":
		return nil
	case s.phase == shut:
		return jrpc2.Errorf(lsp.InvalidRequest, "%s after shutdown", method)
	case s.phase <= entering && method != "initialize":
		return jrpc2.Errorf(lsp.NotInitialized, "%s before initialize", method)
	case s.phase != fresh && method == "initialize":
		return jrpc2.Errorf(lsp.InvalidRequest, "initialize for the second time")
	case method == "initialize":
		s.phase = entering
	}
	return nil
}

// initialize takes up work in the editor's folders. A configuration that cannot
// be read is told as the editor's error: without it the findings would be others.
func (s *server) initialize(p lsp.InitializeParams) (*lsp.InitializeResult, error) {
	err := s.enter(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.phase = fresh
		fmt.Fprintf(s.stderr, "concurlint: %v\n", err)
		return nil, err
	}
	s.phase = initialized
	s.client = p.Capabilities
	s.encoding = lsp.Choose(p.Capabilities.General.PositionEncodings)
	return &lsp.InitializeResult{
		ServerInfo: lsp.ServerInfo{Name: "concurlint", Version: buildVersion()},
		Capabilities: lsp.ServerCapabilities{
			PositionEncoding:   s.encoding,
			TextDocumentSync:   lsp.SyncOptions{OpenClose: true, Change: lsp.FullText, Save: true},
			HoverProvider:      true,
			CodeActionProvider: lsp.CodeActionOptions{CodeActionKinds: []string{lsp.QuickFix}},
			Workspace:          lsp.WorkspaceOptions{WorkspaceFolders: lsp.FolderOptions{Supported: true, ChangeNotifications: true}},
		},
	}, nil
}

// begin starts the rounds: the editor is ready to be told of findings.
func (s *server) begin(context.Context, *jrpc2.Request) (any, error) {
	s.mu.Lock()
	s.phase = ready
	s.mu.Unlock()
	for _, f := range s.all() {
		f.start()
	}
	return nil, nil
}

// shutdown ends the work; exit will end the process.
func (s *server) shutdown(context.Context, *jrpc2.Request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase = shut
	return nil, nil
}

func (s *server) exit(context.Context, *jrpc2.Request) (any, error) {
	s.leave()
	return nil, nil
}

// notify tells the editor something. That it has gone is noticed elsewhere.
func (s *server) notify(method string, params any) { _ = s.rpc.Notify(s.ctx, method, params) }

// log and show are for what is of interest when something is missing, and for what
// the user has to mend.
func (s *server) log(text string) {
	s.notify("window/logMessage", lsp.MessageParams{Type: lsp.Warning, Message: text})
}

func (s *server) show(text string) {
	s.notify("window/showMessage", lsp.MessageParams{Type: lsp.Error, Message: "concurlint: " + text})
}
