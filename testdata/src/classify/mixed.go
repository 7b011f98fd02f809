package classify

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"database/sql"
	"encoding/hex"
	"hash"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
)

// Hashing every byte of a file.
// class: mixed file
func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Whichever hash it is, it goes over every byte.
// class: mixed file
func sumFile(path, algorithm string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var h hash.Hash
	switch algorithm {
	case "sha256":
		h = sha256.New()
	case "sha512":
		h = sha512.New()
	default:
		return "", os.ErrInvalid
	}
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// class: mixed file
func gzipFile(src, dst string) error {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(dst)
	if err != nil {
		return err
	}
	defer out.Close()
	zw := gzip.NewWriter(out)
	if _, err := io.Copy(zw, in); err != nil {
		return err
	}
	return zw.Close()
}

// class: mixed file
func zipFiles(dst string, paths []string) error {
	out, err := os.Create(dst)
	if err != nil {
		return err
	}
	defer out.Close()
	zw := zip.NewWriter(out)
	for _, p := range paths {
		w, err := zw.Create(p)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return zw.Close()
}

// class: mixed file
func shrink(src, dst string) error {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	img, err := png.Decode(in)
	if err != nil {
		return err
	}
	b, err := thumbnail(img)
	if err != nil {
		return err
	}
	return os.WriteFile(dst, b, 0o644)
}

// class: mixed file
func saveImage(path string, img image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return png.Encode(f, img)
}

// Compresses in memory, then sends.
// class: mixed net
func (c *client) upload(data []byte) error {
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	if _, err := zw.Write(data); err != nil {
		return err
	}
	if err := zw.Close(); err != nil {
		return err
	}
	resp, err := http.Post(c.base+"/upload", "application/gzip", &buf)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Both halves are in callees.
// class: mixed net
func (c *client) closest(word, path string) (best string, err error) {
	body, err := c.fetch(path)
	if err != nil {
		return "", err
	}
	least := -1
	for _, w := range strings.Fields(string(body)) {
		if d := distance(word, w); least < 0 || d < least {
			best, least = w, d
		}
	}
	return best, nil
}

// class: mixed net
func setPassword(db *sql.DB, id int, password string) error {
	key, err := deriveKey(password, []byte("salt"))
	if err != nil {
		return err
	}
	_, err = db.Exec("UPDATE users SET key = ? WHERE id = ?", key, id)
	return err
}

// class: mixed proc
func similarBranches(name string) ([]string, error) {
	out, err := exec.Command("git", "branch", "--format=%(refname:short)").Output()
	if err != nil {
		return nil, err
	}
	var near []string
	for _, b := range strings.Fields(string(out)) {
		if distance(b, name) <= 2 {
			near = append(near, b)
		}
	}
	return near, nil
}

// The computing is in the goroutine, so only the waiting is left.
// class: io net
func (c *client) fetchWhileComputing(a, b [][]float64, path string) ([]byte, error) {
	go multiply(a, b)
	return c.fetch(path)
}

// Computing over rows, with the file only on the way out of an error.
// class: cpu cpu
func score(rows [][]float64) (total float64) {
	for _, r := range rows {
		if err := checkRow(r); err != nil {
			os.WriteFile("bad-row", []byte(err.Error()), 0o600)
			continue
		}
		for _, x := range r {
			total += x * x
		}
	}
	return total
}

// class: light none
func checkRow(r []float64) error {
	if len(r) == 0 {
		return io.ErrUnexpectedEOF
	}
	return nil
}
