package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
)

// serve starts a store that keeps thumbnails in dir, and returns its URL.
func serve(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return "", err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /{name}", func(w http.ResponseWriter, r *http.Request) {
		if err := save(filepath.Join(dir, filepath.Base(r.PathValue("name"))+".jpg"), r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("GET /{name}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(dir, filepath.Base(r.PathValue("name"))+".jpg"))
	})
	go func() { log.Fatal(http.Serve(l, mux)) }()
	return "http://" + l.Addr().String(), nil
}

func save(path string, body io.Reader) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, body); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
