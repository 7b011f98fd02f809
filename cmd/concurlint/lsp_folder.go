package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/lsp"
)

// A folder is one that the editor has opened, with the configuration that holds
// there and what is known of its packages.
type folder struct {
	s      *server
	dir    string // absolute
	opts   *options
	ctx    context.Context // until the editor closes the folder
	cancel context.CancelFunc
	saves  *saves
	begun  sync.Once
	typed  chan struct{} // something was edited and is not saved

	mu        sync.Mutex // of all below
	last      outcome
	dirs      []string           // in which a file may matter
	interrupt context.CancelFunc // ends the round that is under way; nil where it must go on
}

// newFolder reads the configuration that holds in a directory.
func (s *server) newFolder(dir string) (*folder, error) {
	cmd, opts, err := parse(s.opts.line)
	if err != nil {
		return nil, err
	}
	opts.at = dir
	if err := opts.settle(cmd); err != nil {
		return nil, err
	}
	saves, err := newSaves()
	if err != nil {
		return nil, err
	}
	f := &folder{s: s, dir: dir, opts: opts, saves: saves, typed: make(chan struct{}, 1)}
	f.ctx, f.cancel = context.WithCancel(s.ctx)
	return f, nil
}

// start has the rounds of the folder begin, unless they have. They end with close.
func (f *folder) start() {
	f.begun.Do(func() {
		f.s.rounds.Go(func() {
			defer f.saves.close()
			if err := f.loop(); err != nil && f.ctx.Err() == nil {
				f.s.show(err.Error())
			}
		})
	})
}

// close ends the rounds, also those that were never begun.
func (f *folder) close() {
	f.cancel()
	f.begun.Do(f.saves.close)
}

// opens are the directories that the editor begins with.
func (s *server) opens(p lsp.InitializeParams) (dirs []string, err error) {
	for _, folder := range p.WorkspaceFolders {
		dirs = append(dirs, lsp.File(folder.URI))
	}
	if dir := lsp.File(p.RootURI); len(dirs) == 0 && dir != "" {
		dirs = []string{dir}
	}
	if len(dirs) == 0 && p.RootPath != "" {
		dirs = []string{p.RootPath}
	}
	if len(dirs) == 0 || s.opts.dir != "" { // -C says which one is meant
		here, err := os.Getwd()
		return []string{here}, err
	}
	return dirs, nil
}

// enter takes up work in the editor's folders. Messages name files from the first.
func (s *server) enter(p lsp.InitializeParams) error {
	dirs, err := s.opens(p)
	if err != nil {
		return err
	}
	if s.opts.dir == "" {
		if err := os.Chdir(dirs[0]); err != nil {
			return fmt.Errorf("cannot work in directory %s: %v", dirs[0], cause.Of(err))
		}
		os.Setenv("PWD", dirs[0]) // by which files keep the editor's names where links lead there
	}
	var folders []*folder
	for _, dir := range dirs {
		if holds(folders, dir) {
			continue
		}
		f, err := s.newFolder(dir)
		if err != nil {
			for _, f := range folders {
				f.close()
			}
			return err
		}
		folders = append(folders, f)
	}
	s.mu.Lock()
	s.folders = folders
	s.mu.Unlock()
	return nil
}

func holds(list []*folder, dir string) bool {
	return slices.ContainsFunc(list, func(f *folder) bool { return f.dir == dir })
}

// refolded takes up work in folders that the editor has opened, and ends it in those
// that it has closed.
func (s *server) refolded(p lsp.FoldersParams) {
	if s.opts.dir != "" {
		return
	}
	for _, gone := range p.Event.Removed {
		s.mu.Lock()
		s.folders = slices.DeleteFunc(s.folders, func(f *folder) bool {
			if f.dir == lsp.File(gone.URI) {
				f.close()
				return true
			}
			return false
		})
		s.mu.Unlock()
	}
	for _, added := range p.Event.Added {
		dir := lsp.File(added.URI)
		if holds(s.all(), dir) {
			continue
		}
		f, err := s.newFolder(dir)
		if err != nil {
			s.show(err.Error())
			continue
		}
		s.mu.Lock()
		s.folders = append(s.folders, f)
		ready := s.phase == ready
		s.mu.Unlock()
		if ready {
			f.start()
		}
	}
	s.refresh()
}

// all are the folders of now.
func (s *server) all() []*folder {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.folders)
}

// folderOf is the innermost folder that holds a file, nil for none.
func (s *server) folderOf(file string) (best *folder) {
	for _, f := range s.all() {
		rel, err := filepath.Rel(f.dir, file)
		if err == nil && filepath.IsLocal(rel) && (best == nil || len(f.dir) > len(best.dir)) {
			best = f
		}
	}
	return best
}

// outcome is what the last round found out.
func (f *folder) outcome() outcome {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

// concerns reports whether an edit of the file can matter to the folder: it lies
// there, or in the directory of a package elsewhere that something there imports.
func (f *folder) concerns(file string) bool {
	if f.s.folderOf(file) == f {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Contains(f.dirs, filepath.Dir(file))
}

// speaker is the folder that says what is known of a file: the innermost that holds
// it, or else one that has checked its package.
func (s *server) speaker(file string) *folder {
	if f := s.folderOf(file); f != nil {
		return f
	}
	for _, f := range s.all() {
		if _, ok := f.outcome().packages[filepath.Dir(file)]; ok {
			return f
		}
	}
	return nil
}

// checked is a file with findings, nil where none were found.
func (s *server) checked(file string) *checkedFile {
	if f := s.speaker(file); f != nil {
		return f.outcome().files[file]
	}
	return nil
}

// refresh tells the editor of files whose diagnostics are not those that it shows. Of
// another text it has to hear again: some drop what is said of a version that is gone.
func (s *server) refresh() {
	s.showing.Lock()
	defer s.showing.Unlock()
	now := make(map[string]*checkedFile)
	for _, f := range s.all() {
		for file, c := range f.outcome().files {
			if s.speaker(file) == f {
				now[file] = c
			}
		}
	}
	for _, file := range slices.Sorted(maps.Keys(s.shown)) {
		if now[file] == nil {
			s.notify("textDocument/publishDiagnostics", lsp.PublishParams{URI: s.uri(file), Diagnostics: []lsp.Diagnostic{}})
		}
	}
	for _, file := range slices.Sorted(maps.Keys(now)) {
		c, old := now[file], s.shown[file]
		if old == nil || !reflect.DeepEqual(old.version, c.version) || !reflect.DeepEqual(old.diagnostics, c.diagnostics) {
			s.notify("textDocument/publishDiagnostics", lsp.PublishParams{URI: s.uri(file), Version: c.version, Diagnostics: c.diagnostics})
		}
	}
	s.shown = now
}

// unsaved are the texts of Go files that the editor shows and has not saved, as far
// as they can matter to the folder, and the versions of these and of others.
func (f *folder) unsaved() (texts map[string][]byte, versions map[string]*int) {
	texts, versions = make(map[string][]byte), make(map[string]*int)
	f.s.mu.Lock()
	documents := maps.Clone(f.s.documents)
	f.s.mu.Unlock()
	for file, d := range documents {
		if !strings.HasSuffix(file, ".go") || !f.concerns(file) {
			continue
		}
		versions[file] = d.Version
		if unsaved(file, d) {
			texts[file] = []byte(d.Text)
		}
	}
	return texts, versions
}
