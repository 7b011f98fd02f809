package collect

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Limits of what is waited for and accepted.
const (
	dialTimeout = 10 * time.Second
	// grace is what an answer may take beyond the seconds asked for, for the
	// rest of a trace over a slow line.
	grace        = 2 * time.Minute
	maxRedirects = 3
	// maxBytes of one recording. A busy program traces some 30 MB a second and
	// core; beyond this the time of reading is not worth what it adds.
	maxBytes = 4 << 30
)

// An httpClient gets recordings.
type httpClient struct{ http.Client }

// client makes one for the target.
func (t target) client() *httpClient {
	dialer := &net.Dialer{Timeout: dialTimeout}
	return &httpClient{http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment,
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				if t.socket != "" {
					network, addr = "unix", t.socket
				}
				return dialer.DialContext(ctx, network, addr)
			},
			TLSHandshakeTimeout: dialTimeout,
			DisableCompression:  true, // packing a trace would load the program that is measured
		},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects || req.URL.Hostname() != via[0].URL.Hostname() {
				return redirected(label(req.URL))
			}
			return nil
		},
	}}
}

// redirected is to where a redirect leads that is not followed.
type redirected string

func (to redirected) Error() string {
	return fmt.Sprintf("redirected to %s: name that address if it is the program's", string(to))
}

// get writes what a URL answers to w and returns how much that was, also with
// an error.
func (c *httpClient) get(ctx context.Context, u *url.URL, seconds int, w io.Writer) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds)*time.Second+grace)
	defer cancel()
	resp, err := c.open(ctx, u)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(w, io.LimitReader(resp.Body, maxBytes))
	switch {
	case err != nil && n == 0:
		return 0, fmt.Errorf("%s: the answer ended before it began: is the server's WriteTimeout below %d s?", label(u), seconds)
	case err != nil:
		return n, fmt.Errorf("%s: cut short after %.1f MB (%v): is the server's WriteTimeout below %d s?", label(u), float64(n)/1e6, cause(err), seconds)
	case n == maxBytes:
		return n, fmt.Errorf("%s: more than %d GB: record for a shorter time", label(u), maxBytes>>30)
	case n == 0:
		return 0, fmt.Errorf("%s: the answer is empty%s", label(u), elsewhere)
	}
	return n, nil
}

// open sends the request and looks at the head of the answer.
func (c *httpClient) open(ctx context.Context, u *url.URL) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, unreachable(u, err)
	}
	body := bufio.NewReader(resp.Body)
	if err := refused(u, resp, body); err != nil {
		resp.Body.Close()
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{body, resp.Body}
	return resp, nil
}

// elsewhere is the remedy where something answers that is no pprof.
const elsewhere = ": name the address at which the program serves net/http/pprof"

// refused says in a line why an answer is no recording, if it is none.
func refused(u *url.URL, resp *http.Response, body *bufio.Reader) error {
	isPprof := resp.Header.Get("X-Go-Pprof") != ""
	switch {
	case isPprof: // net/http/pprof says itself what is wrong
		return fmt.Errorf("%s: %s%s", label(u), firstLine(body), remedy(resp.StatusCode))
	case resp.StatusCode == http.StatusUnauthorized, resp.StatusCode == http.StatusForbidden:
		return fmt.Errorf("%s: access is refused (%s): put user and password into the URL", label(u), resp.Status)
	case resp.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%s: not found%s", label(u), elsewhere)
	case resp.StatusCode != http.StatusOK:
		said := ""
		if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") {
			said = ": " + firstLine(body)
		}
		return fmt.Errorf("%s: %s%s%s", label(u), resp.Status, strings.TrimSuffix(said, ": "), elsewhere)
	case strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html"):
		return fmt.Errorf("%s: a page and no recording%s", label(u), elsewhere)
	}
	return nil
}

// remedy is for the reasons that net/http/pprof has to refuse.
func remedy(status int) string {
	switch status {
	case http.StatusInternalServerError:
		return ": end the other recording, or wait for it"
	case http.StatusBadRequest:
		return ": record for a shorter time" // of a server with a WriteTimeout, before Go 1.23
	}
	return ""
}

// firstLine is the beginning of an error message.
func firstLine(r io.Reader) string {
	text, _ := io.ReadAll(io.LimitReader(r, 200))
	line, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte("\n"))
	return strings.ToValidUTF8(string(line), "?")
}

// unreachable says in a line why there was no answer, where a redirect led to if
// there was one.
func unreachable(u *url.URL, err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		if to, e := url.Parse(at.URL); e == nil && to.Host != "" && to.Host != u.Host {
			u = to
		}
	}
	var dns *net.DNSError
	var plain tls.RecordHeaderError
	var to redirected
	switch {
	case errors.As(err, &to):
		return fmt.Errorf("%s: %w", label(u), to)
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOENT):
		return fmt.Errorf("%s: nothing listens there: is the program running, and does it serve net/http/pprof?", u.Host)
	case errors.As(err, &dns):
		return fmt.Errorf("%s: there is no such host: check the name", u.Hostname())
	case errors.As(err, &plain), errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%s: it does not speak TLS: name it with http://", u.Host)
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return fmt.Errorf("%s: closed without an answer: is the server's WriteTimeout shorter than the recording?", label(u))
	}
	return fmt.Errorf("%s: %v%s", label(u), cause(err), elsewhere)
}

// cause is an error without the request, which label names better.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("no answer in time")
	}
	return err
}
