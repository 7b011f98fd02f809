// Package load keeps the program busy: it has pictures, and a store as one
// meets it in practice, which is elsewhere, takes its time and bears only so
// much at once.
package load

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// The store's properties. A client that knows them needs AtOnce requests in
// flight; with more, the store answers later.
const (
	Delay  = 10 * time.Millisecond
	AtOnce = 32
)

// env tells a process that it is to be the store.
const env = "THUMBS_STORE"

// lifelines are the inputs of the stores: each lives until its input ends.
var lifelines []io.Closer

// Store starts a store in a process of its own, so that what it does is not
// seen in this process's profiles, and returns its URL. It ends with this
// process.
func Store() (string, error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), env+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	lifelines = append(lifelines, in)
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("the store does not start: %w", err)
	}
	return strings.TrimSpace(url), nil
}

// Serve has to be called first in main. In a process that Store started it is
// the store and does not return.
func Serve() {
	if os.Getenv(env) == "" {
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintf(os.Stderr, "store: %v\n", err)
		os.Exit(1)
	}
	go http.Serve(l, handler())
	fmt.Println("http://" + l.Addr().String())
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// handler answers every request with a few bytes, AtOnce at a time.
func handler() http.Handler {
	turns := make(chan struct{}, AtOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		turns <- struct{}{}
		defer func() { <-turns }()
		io.Copy(io.Discard, r.Body)
		time.Sleep(Delay)
		io.WriteString(w, "thumbnail\n")
	})
}
