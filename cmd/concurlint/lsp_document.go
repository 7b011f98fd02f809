package main

import (
	"context"
	"os"

	"github.com/creachadair/jrpc2"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// opened remembers what the editor shows: hover and actions are about that text.
func (s *server) opened(p lsp.DocumentParams) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if file := lsp.File(p.TextDocument.URI); file != "" {
		s.documents[file] = p.TextDocument
	}
}

func (s *server) edited(p lsp.ChangeParams) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file := lsp.File(p.TextDocument.URI)
	d, ok := s.documents[file]
	if !ok {
		return
	}
	for _, c := range p.ContentChanges {
		if c.Range == nil { // it was told that no others are wanted
			d.Text = c.Text
		}
	}
	d.Version = p.TextDocument.Version
	s.documents[file] = d
}

func (s *server) saved(lsp.DocumentParams) {
	s.tell()
}

func (s *server) closed(p lsp.DocumentParams) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.documents, lsp.File(p.TextDocument.URI))
}

// written is for editors that watch files themselves.
func (s *server) written(context.Context, *jrpc2.Request) (any, error) {
	s.tell()
	return nil, nil
}

func (s *server) tell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.saves != nil {
		s.saves.tell()
	}
}

// text is what the editor shows of a file, or what is saved of it.
func (s *server) text(file string) (*lsp.Text, bool) {
	s.mu.Lock()
	d, ok := s.documents[file]
	s.mu.Unlock()
	if ok {
		return lsp.NewText(d.Text), true
	}
	text, err := os.ReadFile(file)
	return lsp.NewText(string(text)), err == nil
}

// uri names a file as the editor did, who may escape other characters than we.
func (s *server) uri(file string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d, ok := s.documents[file]; ok {
		return d.URI
	}
	return lsp.URI(file)
}
