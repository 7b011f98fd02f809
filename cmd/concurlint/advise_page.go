package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/profile"
	"github.com/concurlint/concurlint/advisor/report"
)

// show writes or serves the page, where that is wanted.
func show(ctx context.Context, o *adviseOptions, rep *advisor.Report, ev *profile.Evidence, stderr io.Writer) error {
	if o.html == "" && o.http == "" {
		return nil
	}
	root, err := os.OpenRoot(".") // no link leads out of it
	if err != nil {
		return err
	}
	defer root.Close()
	page := report.Page{Report: rep, Flame: report.NewFlame(ev), Source: report.Excerpts(root.FS(), rep)}
	if o.html != "" {
		var b bytes.Buffer
		if err := report.HTML(&b, page); err != nil {
			return err
		}
		if err := replace(o.html, b.Bytes()); err != nil {
			return fmt.Errorf("cannot write %s (-html): %v", o.html, cause(err))
		}
	}
	if o.http == "" {
		return nil
	}
	return serve(ctx, o.http, report.Handler(page), stderr)
}

// replace writes a file whole or not at all.
func replace(name string, text []byte) (err error) {
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

// serve serves the page until the command is interrupted. An address without a
// host is this machine alone: the page shows source code.
func serve(ctx context.Context, addr string, h http.Handler, stderr io.Writer) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("-http %s: want an address such as :0 or localhost:8080", addr)
	}
	if host == "" {
		host = "localhost"
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return fmt.Errorf("cannot serve on %s (-http): %v", addr, err)
	}
	fmt.Fprintf(stderr, "concurlint: the page is at http://%s; Ctrl-C ends\n", l.Addr())
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
