package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestLocal has the page refuse names that are not this machine's: a page
// elsewhere may have its own name resolve to it.
func TestLocal(t *testing.T) {
	h := local(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for host, want := range map[string]int{
		"localhost":               http.StatusOK,
		"LOCALHOST:8080":          http.StatusOK,
		"127.0.0.1:8080":          http.StatusOK,
		"127.1.2.3":               http.StatusOK,
		"[::1]:8080":              http.StatusOK,
		"[::1]":                   http.StatusOK,
		"":                        http.StatusMisdirectedRequest,
		"evil.example":            http.StatusMisdirectedRequest,
		"evil.example:8080":       http.StatusMisdirectedRequest,
		"localhost.evil.example":  http.StatusMisdirectedRequest,
		"127.0.0.1.evil.example":  http.StatusMisdirectedRequest,
		"192.0.2.1:8080":          http.StatusMisdirectedRequest,
		"[::ffff:192.0.2.1]:8080": http.StatusMisdirectedRequest,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %q: status %d, want %d", host, w.Code, want)
		}
	}
}
