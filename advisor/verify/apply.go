package verify

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Apply writes the edit into the source tree. It refuses what was not proved,
// and a file that is no longer what was verified; then it changes nothing. Each
// file is replaced whole by a rename and keeps its mode.
func (p *Proof) Apply() error {
	if p.Edit == nil {
		return fmt.Errorf("nothing to apply: %s", p.NoEdit)
	}
	if c := p.Verified.Claim; c != Faster && c != Same {
		return fmt.Errorf("nothing to apply: the claim is %q, which proves no gain", c)
	}
	var names []string
	for name, f := range p.Edit.Files {
		text, err := os.ReadFile(p.path(name))
		if err != nil {
			return err
		}
		if !bytes.Equal(text, f.Before) {
			return fmt.Errorf("%s has changed since it was verified: verify again", name)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	// All new texts are on the disk before the first file is replaced: a full disk
	// or a missing permission leaves the tree as it was.
	var ready []string
	defer func() {
		for _, tmp := range ready {
			os.Remove(tmp)
		}
	}()
	for _, name := range names {
		tmp, err := stage(p.path(name), p.Edit.Files[name].After)
		if err != nil {
			return err
		}
		ready = append(ready, tmp)
	}
	for i, name := range names {
		if err := os.Rename(ready[i], p.path(name)); err != nil {
			return err
		}
	}
	return nil
}

// path is where a file of the edit lies: behind a link, the file is replaced and
// not the link.
func (p *Proof) path(name string) string {
	file := filepath.Join(p.root, filepath.FromSlash(name))
	if real, err := filepath.EvalSymlinks(file); err == nil {
		return real
	}
	return file
}

// stage writes a text beside the file that it is to replace.
func stage(file string, text []byte) (string, error) {
	st, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".concurlint-*")
	if err != nil {
		return "", err
	}
	_, werr := f.Write(text)
	err = errors.Join(werr, f.Chmod(st.Mode().Perm()), f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
