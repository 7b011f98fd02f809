package run

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode/utf8"
)

// An outDir is a folder with a file for each result, named by its input.
type outDir struct {
	dir   string // absolute
	paths bool   // inputs are paths: the files lie below dir as they lie here

	mu    sync.Mutex
	taken map[string][16]byte // hash of the input by the name of its file
}

func newOutDir(c *Config) (*outDir, error) {
	if c.OutDir == "" {
		return nil, nil
	}
	return &outDir{dir: c.OutDir, paths: c.Coding.Files, taken: make(map[string][16]byte)}, os.MkdirAll(c.OutDir, 0o777)
}

// path is where the result of an input goes.
func (d *outDir) path(raw []byte) string { return filepath.Join(d.dir, d.name(raw)) }

// longestName leaves room for what file systems, which allow 255 bytes, and
// people add to a name.
const longestName = 160

// name returns the path below dir for an input. A path stays what it is, but
// does not lead out of dir; other inputs are escaped as in a URL, so that each
// has a name of its own, and long ones end with a hash.
func (d *outDir) name(raw []byte) string {
	if d.paths {
		return strings.TrimPrefix(filepath.Join(string(filepath.Separator), strings.TrimPrefix(string(raw), filepath.VolumeName(string(raw)))), string(filepath.Separator))
	}
	name := url.PathEscape(string(raw))
	if strings.Trim(name, ".") == "" {
		name = "%" + strings.ReplaceAll(name, ".", "%2E")
	}
	if len(name) > longestName {
		sum := hashInput(raw)
		name = strings.TrimRight(name[:longestName-len(sum)*2-1], "%0123456789ABCDEF") + "-" + hex.EncodeToString(sum[:])
	}
	return name
}

// claim reserves the file of an input, and says why it cannot be had: two inputs
// may lead to one name, or the input itself lies there.
func (d *outDir) claim(raw []byte) error {
	name, sum := d.name(raw), hashInput(raw)
	if name == "" {
		return fmt.Errorf("no file name can be made of %q for -out-dir", raw)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if have, ok := d.taken[name]; ok && have != sum {
		return fmt.Errorf("the file %s of -out-dir has the result of another input", name)
	}
	d.taken[name] = sum
	if !d.paths {
		return nil
	}
	source, err := os.Stat(string(raw))
	target, err2 := os.Stat(filepath.Join(d.dir, name))
	if err == nil && err2 == nil && os.SameFile(source, target) {
		return fmt.Errorf("its result would replace the input itself; give another -out-dir")
	}
	return nil
}

// write puts a result into its file, which appears at once and whole, and
// returns the path.
func (d *outDir) write(raw, result []byte) (path string, err error) {
	path = d.path(raw)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return "", err
	}
	part := filepath.Join(filepath.Dir(path), fmt.Sprintf(".concurlint-%016x", rand.Uint64()))
	err = os.WriteFile(part, result, 0o666)
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		os.Remove(part)
	}
	return path, err
}

// unfit says why a result cannot be told from others where each is a text that
// ends with a byte.
func (r *runner) unfit(result []byte) error {
	const remedy = "; -out-dir DIR writes each result into a file of its own, and -out json as a line of JSON"
	switch {
	case r.config.OutDir != "" || r.config.Coding.Out == JSON || !r.chain.hasOutput():
		return nil
	case r.config.Null:
		if bytes.IndexByte(result, 0) >= 0 {
			return &UnfitError{"the result holds a zero byte, which is the end of one with -0" + remedy}
		}
	case bytes.IndexByte(result, '\n') >= 0:
		return &UnfitError{"the result is several lines, and so would be several results" + remedy + "; -0 ends it with a zero byte"}
	case !utf8.Valid(result):
		return &UnfitError{"the result is not UTF-8, so it is no text" + remedy}
	}
	return nil
}

// An UnfitError says that a result cannot be written the way that was asked for.
type UnfitError struct{ Why string }

func (e *UnfitError) Error() string { return e.Why }
