package run

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A cache keeps results on disk by what they were made of: the function with all
// that it calls, how inputs and results are coded, and the input. Processes share
// it without a lock: a result appears by a rename, under a name that says all that
// it depends on, and carries a sum of itself.
type cache struct {
	dir    string
	maker  [sha256.Size]byte // of all but the input
	files  bool              // inputs are paths: their contents count
	keys   []cacheKey        // of the inputs in flight, by index
	mask   uint64
	most   int64         // bytes; 0: any number
	oldest time.Duration // since the last use; 0: any age
}

// cacheKey is the sum of all that a result depends on; the zero key is none.
type cacheKey [sha256.Size]byte

func newCache(c *Config, slots int) (*cache, error) {
	if c.Cache == "" {
		return nil, nil
	}
	maker, err := makerOf(c)
	if err != nil {
		return nil, fmt.Errorf("the cache: %w", err)
	}
	k := &cache{
		dir: c.Cache, files: c.Coding.Files, maker: maker,
		keys: make([]cacheKey, slots), mask: uint64(slots - 1), most: c.CacheSize, oldest: c.CacheAge,
	}
	return k, os.MkdirAll(k.dir, 0o777)
}

// key returns the key of an input. A file that cannot be read has none: the run
// will say why.
func (k *cache) key(raw []byte) (key cacheKey, ok bool) {
	h := sha256.New()
	h.Write(k.maker[:])
	if !k.files {
		h.Write(raw)
		return cacheKey(h.Sum(nil)), true
	}
	f, err := os.Open(string(raw))
	if err != nil {
		return key, false
	}
	defer f.Close()
	if _, err := io.Copy(h, f); err != nil {
		return key, false
	}
	return cacheKey(h.Sum(nil)), true
}

func (k *cache) path(key cacheKey) string {
	name := hex.EncodeToString(key[:])
	return filepath.Join(k.dir, name[:2], name[2:])
}

// get returns the result of the input, and remembers the input's key otherwise.
// What is damaged is no result.
func (k *cache) get(index uint64, raw []byte) ([]byte, bool) {
	key, ok := k.key(raw)
	k.keys[index&k.mask] = key
	if !ok {
		return nil, false
	}
	path := k.path(key)
	text, err := os.ReadFile(path)
	if err != nil || len(text) < sha256.Size {
		return nil, false
	}
	out := text[sha256.Size:]
	if sealed(key, out) != [sha256.Size]byte(text) {
		os.Remove(path)
		return nil, false
	}
	now := time.Now()
	os.Chtimes(path, now, now) // for the age; if it fails the result is trimmed earlier
	return out, true
}

// sealed is the sum that a result carries: of its key too, so that a file that
// was renamed is no result of another input.
func sealed(key cacheKey, out []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(key[:])
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(out))))
	h.Write(out)
	return [sha256.Size]byte(h.Sum(nil))
}

// put keeps a result. A file that has changed since the run began with it has
// none, since nobody knows of which content it is.
func (k *cache) put(index uint64, raw, out []byte) error {
	key := k.keys[index&k.mask]
	if key == (cacheKey{}) {
		return nil
	}
	if now, ok := k.key(raw); k.files && (!ok || now != key) {
		return nil
	}
	path := k.path(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), unfinished)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	sum := sealed(key, out)
	_, err = f.Write(append(sum[:], out...))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// unfinished is the pattern for names of results that are being written, and
// abandoned is after how long nobody writes them any more.
const (
	unfinished = "tmp*"
	abandoned  = time.Hour
)

// trim removes what was not used for too long, and then what was not used for
// longest, until the rest is small enough. Another process may do the same.
func (k *cache) trim() error {
	type entry struct {
		path string
		size int64
		used time.Time
	}
	var all []entry
	var sum int64
	now := time.Now()
	err := filepath.WalkDir(k.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || !ownName(k.dir, path) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return nil // gone meanwhile
		}
		age, limit := now.Sub(info.ModTime()), k.oldest
		temp, _ := filepath.Match(unfinished, d.Name())
		if temp {
			limit = abandoned // younger ones are another process's, whatever the size
		}
		if limit > 0 && age > limit {
			os.Remove(path)
			return nil
		}
		if temp {
			return nil
		}
		all = append(all, entry{path, info.Size(), info.ModTime()})
		sum += info.Size()
		return nil
	})
	if err != nil || k.most == 0 {
		return err
	}
	slices.SortFunc(all, func(a, b entry) int { return a.used.Compare(b.used) })
	for _, e := range all {
		if sum <= k.most {
			break
		}
		os.Remove(e.path)
		sum -= e.size
	}
	return nil
}

// ownName reports whether path is one that put writes, so that a folder named by
// mistake loses nothing.
func ownName(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return false
	}
	folder, name := filepath.Split(rel)
	if temp, _ := filepath.Match(unfinished, name); temp && len(folder) == 3 {
		return true
	}
	_, err = hex.DecodeString(folder[:max(0, len(folder)-1)] + name)
	return err == nil && len(folder) == 3 && len(name) == 2*sha256.Size-2
}
