package classify

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
)

// Functions in tables: what is called is one of those that the table holds, of the type
// that the call asks for.

const (
	opPut   = "put"
	opCount = "count"
	opName  = "name"
)

var remoteOps = map[string]interface{}{
	opPut:   remotePut,
	opCount: remoteCount,
	opName:  opsName,
}

var localOps = map[string]interface{}{
	opPut:   localPut,
	opCount: localCount,
	opName:  opsName,
}

var local bool

// class: light none
func currentOps() map[string]interface{} {
	if local {
		return localOps
	}
	return remoteOps
}

// class: io net
func remotePut(key, value string) error {
	_, err := http.Post("http://store/"+key, "text/plain", strings.NewReader(value))
	return err
}

// class: io net
func localPut(key, value string) error {
	_, err := http.Post("http://localhost/"+key, "text/plain", strings.NewReader(value))
	return err
}

// class: io net
func remoteCount() (int, error) {
	resp, err := http.Get("http://store/count")
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n := 0
	_, err = fmt.Fscan(resp.Body, &n)
	return n, err
}

// class: light none
func localCount() (int, error) { return 1, nil }

// class: light none
func opsName() string { return "ops" }

// Both that have the type wait on the network.
//
// class: io net
func put(key, value string) error {
	return currentOps()[opPut].(func(string, string) error)(key, value)
}

// One of them does.
//
// class: io net
func count() (int, error) {
	f := currentOps()[opCount].(func() (int, error))
	return f()
}

// None of that type does.
//
// class: light none
func name() string { return currentOps()[opName].(func() string)() }

// A table of functions without an assertion, and a list of them.
var digests = map[string]func([]byte) []byte{
	"sha256": func(b []byte) []byte { s := sha256.Sum256(b); return s[:] },
	"none":   func(b []byte) []byte { return nil },
}

var steps = []func() error{
	func() error { _, err := http.Get("http://store/first"); return err },
	func() error { _, err := http.Get("http://store/second"); return err },
}

// class: light cpu
func digest(kind string, b []byte) []byte { return digests[kind](b) }

// class: io net
func step(i int) error { return steps[i]() }

// A table that anybody may add to: what else is in it is not known.
var plugins = map[string]func(){}

// RegisterPlugin adds to the table.
//
// class: light none
func RegisterPlugin(name string, f func()) { plugins[name] = f }

// class: unknown none
func runPlugin(name string) { plugins[name]() }
