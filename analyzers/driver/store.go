package driver

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// A store keeps blobs under keys that are hashes of all that they follow from,
// in a directory that several processes may share. A blob is written to a file
// of its own and renamed, so that no reader sees a part of it; and it carries
// its hash, since disks and other programs may do what we would not. What
// cannot be read is missing, and what cannot be written is not kept: a cache
// that fails costs time, never a finding.
type store struct{ dir string }

// A key is a hash of everything that a blob follows from.
type key [sha256.Size]byte

// magic names the format of the files. A change of it, or of what the blobs
// mean, needs another number.
const magic = "concurlint 1\n"

func (s store) path(k key) string {
	name := hex.EncodeToString(k[:])
	return filepath.Join(s.dir, name[:2], name[2:])
}

// get returns the blob, or nil.
func (s store) get(k key) []byte {
	if s.dir == "" {
		return nil
	}
	path := s.path(k)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	body, ok := bytes.CutPrefix(text, []byte(magic))
	if !ok || len(body) < sha256.Size {
		return nil
	}
	sum, body := body[:sha256.Size], body[sha256.Size:]
	if have := sealed(k, body); !bytes.Equal(sum, have[:]) {
		return nil
	}
	s.touch(path)
	return body
}

// sealed is the hash of a blob and its key: a file under another's name is as
// wrong as a damaged one.
func sealed(k key, body []byte) key {
	h := sha256.New()
	h.Write(k[:])
	h.Write(body)
	return key(h.Sum(nil))
}

// has reports whether there is something under the key; it need not be whole.
func (s store) has(k key) bool {
	if s.dir == "" {
		return false
	}
	_, err := os.Stat(s.path(k))
	return err == nil
}

// touch tells trim that the file is of use, once a day.
func (s store) touch(path string) {
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	if now := time.Now(); now.Sub(info.ModTime()).Abs() > fresh {
		os.Chtimes(path, now, now)
	}
}

const (
	fresh     = 24 * time.Hour
	temporary = "new-"
)

// put keeps a blob if it can.
func (s store) put(k key, body []byte) error {
	if s.dir == "" {
		return nil
	}
	path := s.path(k)
	err := write(path, k, body)
	if errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		err = write(path, k, body)
	}
	return err
}

func write(path string, k key, body []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), temporary+"*")
	if err != nil {
		return err
	}
	sum := sealed(k, body)
	for _, part := range [][]byte{[]byte(magic), sum[:], body} {
		if err == nil {
			_, err = f.Write(part)
		}
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
