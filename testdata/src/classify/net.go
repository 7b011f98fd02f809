// Package classify holds functions whose class and strongest effect were decided by hand, from the source alone.
//
// The last line of a function's doc comment is its marker:
//
//	// class: <io|cpu|mixed|coordination|light|unknown> <net|proc|file|cgo|sleep|wait|chan|lock|cpu|none>
//
// Functions without a marker are polymorphic: they have no class of their own.
package classify

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"database/sql"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/rpc"
	"net/smtp"
	"strings"
	"time"
)

type client struct {
	base string
	http *http.Client
}

// class: io net
func (c *client) fetch(path string) ([]byte, error) {
	resp, err := c.http.Get(c.base + path)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// class: light none
func newClient(base string) *client {
	return &client{base: base, http: &http.Client{Timeout: 10 * time.Second}}
}

// class: light none
func (c *client) newRequest(ctx context.Context, path string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return nil, fmt.Errorf("build request: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// class: io net
func (c *client) fetchWithDeadline(path string) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	req, err := c.newRequest(ctx, path)
	if err != nil {
		return 0, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	resp.Body.Close()
	return resp.StatusCode, nil
}

type user struct {
	ID   int
	Name string
}

// Decoding one small document is not heavy.
// class: io net
func (c *client) getUser(id int) (*user, error) {
	resp, err := http.Get(fmt.Sprintf("%s/users/%d", c.base, id))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var u user
	if err := json.NewDecoder(resp.Body).Decode(&u); err != nil {
		return nil, err
	}
	return &u, nil
}

// The request body is in memory; sending it is not.
// class: io net
func (c *client) putUser(u user) error {
	var body bytes.Buffer
	if err := json.NewEncoder(&body).Encode(u); err != nil {
		return err
	}
	resp, err := c.http.Post(c.base+"/users", "application/json", &body)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// A method value.
// class: io net
func viaMethodValue(c *client) ([]byte, error) {
	f := c.fetch
	return f("/status")
}

// A method expression.
// class: io net
func viaMethodExpression(c *client) ([]byte, error) {
	f := (*client).fetch
	return f(c, "/status")
}

// Hands the method on without calling it.
// class: light none
func fetcher(c *client) func(string) ([]byte, error) {
	return c.fetch
}

type namedClient struct {
	*client
	name string
}

// fetch is promoted from the embedded client.
// class: io net
func (n *namedClient) ping() error {
	_, err := n.fetch("/ping")
	return err
}

// A closure kept in a variable and called twice.
// class: io net
func (c *client) both(a, b string) error {
	get := func(p string) error {
		_, err := c.fetch(p)
		return err
	}
	if err := get(a); err != nil {
		return err
	}
	return get(b)
}

type userHandler struct{ store map[int]user }

// Reading the request body waits for the peer.
// class: io net
func (h *userHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var u user
	if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.store[u.ID] = u
	w.WriteHeader(http.StatusNoContent)
}

// Only looks at the request.
// class: light none
func isJSON(r *http.Request) bool {
	return r.Header.Get("Content-Type") == "application/json" && r.ContentLength > 0
}

// Registers handlers; nobody is called here.
// class: light none
func routes(mux *http.ServeMux, h *userHandler) {
	mux.Handle("/users", h)
	mux.HandleFunc("/proxy", func(w http.ResponseWriter, r *http.Request) {
		resp, err := http.Get("http://upstream.example/" + r.URL.Path)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		io.Copy(w, resp.Body)
	})
}

// class: io net
func listen(mux *http.ServeMux) error {
	srv := &http.Server{Addr: ":8080", Handler: mux}
	return srv.ListenAndServe()
}

type retryTransport struct{ next http.RoundTripper }

// class: io net
func (t *retryTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return t.next.RoundTrip(r)
	}
	return resp, nil
}

// A buffered reader over a connection is still the connection.
// class: io net
func readLine(conn net.Conn) (string, error) {
	r := bufio.NewReader(conn)
	line, err := r.ReadString('\n')
	return strings.TrimSpace(line), err
}

// class: io net
func sendGob(conn net.Conn, u user) error {
	conn.SetWriteDeadline(time.Now().Add(time.Second))
	return gob.NewEncoder(conn).Encode(u)
}

// class: io net
func reply(conn net.Conn, code int) error {
	_, err := fmt.Fprintf(conn, "%d OK\r\n", code)
	return err
}

type countingConn struct {
	net.Conn
	n int64
}

// class: io net
func (c *countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.n += int64(n)
	return n, err
}

// The buffer is in memory, the source is not.
// class: io net
func slurp(url string) (*bytes.Buffer, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var buf, seen bytes.Buffer
	if _, err := buf.ReadFrom(io.TeeReader(io.LimitReader(resp.Body, 1<<20), &seen)); err != nil {
		return nil, err
	}
	return &buf, nil
}

// The connections are served elsewhere; waiting for them is net.
// class: io net
func acceptLoop(ln net.Listener, serve func(net.Conn)) error {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		go serve(conn)
	}
}

// class: io net
func dialTLS(addr string) (net.Conn, error) {
	d := &tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS13}}
	return d.DialContext(context.Background(), "tcp", addr)
}

// class: io net
func udpQuery(addr string, q []byte) ([]byte, error) {
	conn, err := net.Dial("udp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := conn.Write(q); err != nil {
		return nil, err
	}
	buf := make([]byte, 512)
	n, err := conn.Read(buf)
	return buf[:n], err
}

// DNS counts as net.
// class: io net
func mailHosts(ctx context.Context, domain string) ([]string, error) {
	mx, err := net.DefaultResolver.LookupMX(ctx, domain)
	if err != nil {
		return nil, err
	}
	hosts := make([]string, 0, len(mx))
	for _, m := range mx {
		hosts = append(hosts, m.Host)
	}
	return hosts, nil
}

// Splits text; looks nothing up.
// class: light none
func hostOf(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return host
}

// class: io net
func remoteSum(c *rpc.Client, xs []int) (int, error) {
	var sum int
	err := c.Call("Math.Sum", xs, &sum)
	return sum, err
}

// class: io net
func sendMail(to, text string) error {
	return smtp.SendMail("mail.example:25", nil, "noreply@example.com", []string{to}, []byte(text))
}

// sql.Open checks its arguments; it does not connect.
// class: light none
func openDB(dsn string) (*sql.DB, error) {
	return sql.Open("sqlite", dsn)
}

// A database counts as net.
// class: io net
func userByID(ctx context.Context, db *sql.DB, id int) (user, error) {
	var u user
	row := db.QueryRowContext(ctx, "SELECT id, name FROM users WHERE id = ?", id)
	if err := row.Scan(&u.ID, &u.Name); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return u, nil
		}
		return u, err
	}
	return u, nil
}

// class: io net
func transfer(db *sql.DB, from, to, amount int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec("UPDATE account SET balance = balance - ? WHERE id = ?", amount, from); err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE account SET balance = balance + ? WHERE id = ?", amount, to); err != nil {
		return err
	}
	return tx.Commit()
}

// One request after another at the pace of a ticker: net is stronger than chan.
// class: io net
func (c *client) crawl(paths []string) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for _, p := range paths {
		<-tick.C
		if _, err := c.fetch(p); err != nil {
			return err
		}
	}
	return nil
}

// Sleeps only between attempts; the request is the main path.
// class: io net
func (c *client) fetchRetry(path string) (b []byte, err error) {
	for attempt := range 3 {
		if b, err = c.fetch(path); err == nil {
			return b, nil
		}
		time.Sleep(time.Duration(attempt) * time.Second)
	}
	return nil, err
}

// A worker whose jobs are requests.
// class: io net
func (c *client) worker(ctx context.Context, paths <-chan string) {
	for {
		select {
		case <-ctx.Done():
			return
		case p := <-paths:
			c.fetch(p)
		}
	}
}

// Headers are set before anything is written, and a status is.
// class: light none
func notModified(w http.ResponseWriter) {
	w.Header().Set("Etag", "1")
	w.WriteHeader(http.StatusNotModified)
}

var (
	defaultUsers map[string]user
	latestUsers  map[string]user
)

// What a variable of the package lacks is made once in the life of the program.
// class: light none
func knownUsers() map[string]user {
	if defaultUsers == nil {
		defaultUsers = loadUsers()
	}
	return defaultUsers
}

// class: io net
func loadUsers() map[string]user {
	resp, err := http.Get("http://users.example/")
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	return map[string]user{resp.Status: {}}
}

// Unless it is thrown away now and then.
// class: io net
func currentUsers() map[string]user {
	if latestUsers != nil {
		return latestUsers
	}
	latestUsers = loadUsers()
	return latestUsers
}

// class: light none
func forgetUsers() { latestUsers = nil }

// A source of settings: one asks another module's client, one asks the next.
type Source interface {
	Value(name string) string
}

// Remote is implemented elsewhere.
type Remote interface {
	Load(ctx context.Context, name string) (string, error)
}

type remoteSource struct {
	client Remote
	next   Source
}

// Whether it asks somebody remote is a guess, and so it is for those who call it.
// class: io none
func (s *remoteSource) Value(name string) string {
	if v, err := s.client.Load(context.Background(), name); err == nil {
		return v
	}
	return s.next.Value(name)
}

type fixedSource map[string]string

// class: light none
func (s fixedSource) Value(name string) string { return s[name] }

type settings struct{ source Source }

// class: io none
func (s *settings) port() string { return s.source.Value("port") }

// A store that the package itself gives a file in one place; others may give it
// something else.
type Store interface {
	Put(ctx context.Context, key string) error
}

type noStore struct{}

// class: light none
func (noStore) Put(context.Context, string) error { return errors.New("no store") }

type archive struct{ store Store }

// class: light none
func NewArchive(s Store) *archive { return &archive{store: s} }

// class: light none
func emptyArchive() *archive { return NewArchive(noStore{}) }

// class: io none
func (a *archive) put(ctx context.Context) error { return a.store.Put(ctx, "key") }
