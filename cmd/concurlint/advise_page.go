package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/profile"
	"github.com/concurlint/concurlint/advisor/report"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
)

// An outlet is where the page goes, opened before anything is recorded so that
// a wrong name or a port in use does not cost a recording.
type outlet struct {
	html     string
	listener net.Listener // nil: the page is not served
}

// prepare finds out early what would fail late.
func (o *adviseOptions) prepare(ctx context.Context, opts *options) (*outlet, error) {
	if err := o.source(ctx, opts); err != nil {
		return nil, err
	}
	if o.keep != "" {
		err := os.MkdirAll(o.keep, 0o777)
		if err == nil {
			err = writable(o.keep)
		}
		if err != nil {
			return nil, cannotKeep(o.keep, err)
		}
	}
	if o.html != "" {
		st, err := os.Stat(o.html)
		switch {
		case err != nil || st.Mode().IsRegular():
			err = writable(filepath.Dir(o.html))
		case st.IsDir():
			return nil, fmt.Errorf("cannot write %s (-html): it is a directory; name a file in it", o.html)
		}
		if err != nil {
			return nil, cannotWrite(o.html, err)
		}
	}
	out := &outlet{html: o.html}
	if o.http == "" {
		return out, nil
	}
	var err error
	out.listener, err = listen(o.http)
	return out, err
}

// cannotWrite says why there will be no page.
func cannotWrite(name string, err error) error {
	remedy := "name a file where you may write"
	if errors.Is(err, fs.ErrNotExist) {
		remedy = "make its directory first"
	}
	return fmt.Errorf("cannot write %s (-html): %v; %s", name, cause.Of(err), remedy)
}

func cannotKeep(dir string, err error) error {
	return fmt.Errorf("cannot keep recordings in %s (-keep): %v; name a directory where you may write", dir, cause.Of(err))
}

// source makes sure that there is a program to advise on.
func (o *adviseOptions) source(ctx context.Context, opts *options) (err error) {
	switch {
	case opts.run.advice != "":
		return nil
	case o.lint != "":
		o.linted, err = readLint(o.lint)
		return err
	}
	module, err := check.MainModule(ctx)
	_, here := moduleHere()
	isFile := func(arg string) bool { return strings.HasSuffix(arg, ".go") }
	switch {
	case module.Path != "" || here != "" || err == nil && slices.ContainsFunc(opts.args, isFile):
		return nil
	case err != nil:
		return err
	}
	return errors.New("no Go module here; run concurlint in the module of the program, name its directory with -C, or give its findings with -lint")
}

// writable tries to write a file in a directory.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".concurlint-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func (out *outlet) close() {
	if out.listener != nil {
		out.listener.Close()
	}
}

// newPage is what the browser is to show, nil if that is not wanted.
func newPage(o *adviseOptions, rep *advisor.Report, ev *profile.Evidence) *report.Page {
	if o.html == "" && o.http == "" {
		return nil
	}
	page := &report.Page{Report: rep, Flame: report.NewFlame(ev)}
	if root, err := os.OpenRoot("."); err == nil { // no link leads out of it
		defer root.Close()
		page.Source = report.Excerpts(root.FS(), rep)
	}
	return page
}

// show writes and serves the page, where that is wanted.
func (out *outlet) show(ctx context.Context, page *report.Page, stderr io.Writer) error {
	if page == nil {
		return nil
	}
	if out.html != "" {
		var b bytes.Buffer
		if err := report.HTML(&b, *page); err != nil {
			return err
		}
		if err := replace(out.html, b.Bytes()); err != nil {
			return cannotWrite(out.html, err)
		}
	}
	if out.listener == nil {
		return nil
	}
	return serve(ctx, out.listener, report.Handler(*page), stderr)
}

// replace writes a file whole or not at all. What is no file, such as a pipe or
// a device, is written to; behind a link the file is replaced and not the link.
func replace(name string, text []byte) (err error) {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	if st, err := os.Stat(name); err == nil && !st.Mode().IsRegular() {
		return os.WriteFile(name, text, 0o644)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".concurlint-*")
	if err != nil {
		return err
	}
	_, werr := f.Write(text)
	if err = errors.Join(werr, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// listen opens an address. One without a host is this machine alone: the page
// shows source code.
func listen(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("-http %s: want an address such as :0 or localhost:8080", addr)
	}
	if host == "" {
		host = "localhost"
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err // the address stands in front of it
		}
		return nil, fmt.Errorf("cannot serve on %s (-http): %v; with port 0 a free one is chosen", addr, err)
	}
	return l, nil
}

// serve serves the page until the command is interrupted.
func serve(ctx context.Context, l net.Listener, h http.Handler, stderr io.Writer) error {
	if a, ok := l.Addr().(*net.TCPAddr); ok && a.IP.IsLoopback() {
		h = local(h)
	}
	fmt.Fprintf(stderr, "concurlint: the page is at http://%s; Ctrl-C ends\n", l.Addr())
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return context.Cause(ctx)
}

// local refuses requests that were not meant for this machine: a page elsewhere
// may have its name resolve to it, and would then read the answer as its own.
func local(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = strings.Trim(r.Host, "[]")
		}
		ip := net.ParseIP(host)
		if !strings.EqualFold(host, "localhost") && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "this page is for this machine alone: open it as localhost", http.StatusMisdirectedRequest)
			return
		}
		h.ServeHTTP(w, r)
	})
}
