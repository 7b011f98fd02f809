package main

import (
	"context"
	"os"

	"github.com/creachadair/jrpc2"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// unsaved reports whether the file is not what the editor shows. It is read each time:
// an edit may be undone, and others write files, too.
func unsaved(file string, d lsp.Document) bool {
	text, err := os.ReadFile(file)
	return err != nil || string(text) != d.Text
}

// opened remembers what the editor shows: all that it is told is about that text. An
// editor that was closed may begin with what it had not saved.
func (s *server) opened(p lsp.DocumentParams) {
	file := lsp.File(p.TextDocument.URI)
	if file == "" {
		return
	}
	s.mu.Lock()
	s.documents[file] = p.TextDocument
	s.mu.Unlock()
	if unsaved(file, p.TextDocument) {
		s.typed(file)
	}
}

func (s *server) edited(p lsp.ChangeParams) {
	file := lsp.File(p.TextDocument.URI)
	if s.change(file, p) {
		s.typed(file)
	}
}

func (s *server) change(file string, p lsp.ChangeParams) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.documents[file]
	if !ok {
		return false
	}
	for _, c := range p.ContentChanges {
		if c.Range == nil { // it was told that no others are wanted
			d.Text = c.Text
		}
	}
	d.Version = p.TextDocument.Version
	s.documents[file] = d
	return true
}

// typed has the packages checked that hold the file or import it. A round that is
// under way has not seen the text, one that begins now has: so the one is ended before
// the other is asked for.
func (s *server) typed(file string) {
	for _, f := range s.all() {
		if !f.concerns(file) {
			continue
		}
		f.mu.Lock()
		if f.interrupt != nil {
			f.interrupt()
		}
		f.mu.Unlock()
		select {
		case f.typed <- struct{}{}:
		default: // it will be looked at anyway
		}
	}
}

func (s *server) saved(lsp.DocumentParams) { s.tell() }

func (s *server) closed(p lsp.DocumentParams) {
	s.mu.Lock()
	file := lsp.File(p.TextDocument.URI)
	d, ok := s.documents[file]
	delete(s.documents, file)
	s.mu.Unlock()
	if ok && unsaved(file, d) {
		s.typed(file)
	}
}

// written is for editors that watch files themselves.
func (s *server) written(context.Context, *jrpc2.Request) (any, error) {
	s.tell()
	return nil, nil
}

func (s *server) tell() {
	for _, f := range s.all() {
		f.saves.tell()
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
