package classify

import (
	"archive/tar"
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
	"time"
)

type config struct {
	Addr  string
	Limit int
}

// class: io file
func loadConfig(path string) (*config, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var c config
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &c, nil
}

// class: light none
func configPath(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name+".json")
}

// class: io file
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// A light loop over lines does not make it mixed.
// class: io file
func countLines(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	n := 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if sc.Text() != "" {
			n++
		}
	}
	return n, nil
}

// class: io file
func writeRows(path string, rows []string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for _, r := range rows {
		w.WriteString(r)
		w.WriteByte('\n')
	}
	if err := w.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// class: io file
func appendRecord(f *os.File, rec []byte) error {
	var head [4]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(rec)))
	if _, err := f.Write(head[:]); err != nil {
		return err
	}
	if _, err := f.Write(rec); err != nil {
		return err
	}
	return f.Sync()
}

// The source is in memory, the destination is a file.
// class: io file
func saveText(f *os.File, text string) (int64, error) {
	return strings.NewReader(text).WriteTo(f)
}

// class: io file
func readCSV(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return csv.NewReader(f).ReadAll()
}

// class: io file
func render(path string, t *template.Template, data any) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return t.Execute(f, data)
}

// class: io file
func addToTar(tw *tar.Writer, path string) error {
	fi, err := os.Stat(path)
	if err != nil {
		return err
	}
	hdr, err := tar.FileInfoHeader(fi, "")
	if err != nil {
		return err
	}
	if err := tw.WriteHeader(hdr); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(tw, f)
	return err
}

// The callback of a walk.
// class: io file
func diskUsage(dir string) (total int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		fi, err := d.Info()
		if err == nil {
			total += fi.Size()
		}
		return nil
	})
	return total, err
}

// The effect is in a callback that the standard library calls.
// class: io file
func firstExisting(paths []string) int {
	return slices.IndexFunc(paths, func(p string) bool {
		_, err := os.Stat(p)
		return err == nil
	})
}

// Recursion over directories is waiting, not computing.
// class: io file
func removeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			if err := removeEmpty(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	if len(entries) == 0 {
		return os.Remove(dir)
	}
	return nil
}

// Mutual recursion: visitDir and visitEntry.
// class: io file
func visitDir(dir string, depth int) (int, error) {
	if depth == 0 {
		return 0, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, e := range entries {
		m, err := visitEntry(dir, e, depth)
		if err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}

// class: io file
func visitEntry(dir string, e os.DirEntry, depth int) (int, error) {
	if !e.IsDir() {
		return 1, nil
	}
	return visitDir(filepath.Join(dir, e.Name()), depth-1)
}

// The only effect is deferred.
// class: io file
func withMarker(path string, n int) int {
	defer os.Remove(path)
	return n + 1
}

// The only effect is in a deferred closure.
// class: io file
func withState(path string, s *config) {
	defer func() {
		os.WriteFile(path, []byte(s.Addr), 0o600)
	}()
	s.Addr = strings.TrimSpace(s.Addr)
	s.Limit++
}

// class: io file
func confirm() bool {
	sc := bufio.NewScanner(os.Stdin)
	return sc.Scan() && sc.Text() == "y"
}

// Printing to the terminal does not count.
// class: light none
func printUsage(name string) {
	fmt.Println("usage:", name, "[flags] files")
	fmt.Fprintln(os.Stderr, "see -help")
}

// class: light none
func logStart(c config) {
	log.Printf("listening on %s, limit %d", c.Addr, c.Limit)
}

// The dump is written only when something went wrong.
// class: light cpu
func parseConfig(b []byte) (*config, error) {
	var c config
	if err := json.Unmarshal(b, &c); err != nil {
		os.WriteFile("bad-config.json", b, 0o600)
		return nil, err
	}
	return &c, nil
}

type lazyConfig struct {
	once sync.Once
	c    *config
}

// Reads the file once in the life of the program.
// class: io file
func (l *lazyConfig) get() *config {
	l.once.Do(func() {
		l.c, _ = loadConfig("app.json")
	})
	return l.c
}

// Builds an iterator; the file is read by whoever ranges over it.
// class: light none
func lines(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		f, err := os.Open(path)
		if err != nil {
			return
		}
		defer f.Close()
		for sc := bufio.NewScanner(f); sc.Scan(); {
			if !yield(sc.Text()) {
				return
			}
		}
	}
}

// class: io file
func longestLine(path string) int {
	longest := 0
	for l := range lines(path) {
		longest = max(longest, len(l))
	}
	return longest
}

// An unexported interface with one implementation.
type blobStore interface {
	load(key string) ([]byte, error)
}

type dirStore struct{ dir string }

// class: io file
func (d dirStore) load(key string) ([]byte, error) {
	return os.ReadFile(filepath.Join(d.dir, key))
}

type blobs struct{ backing blobStore }

// class: io file
func (b *blobs) size(key string) (int, error) {
	data, err := b.backing.load(key)
	return len(data), err
}

// class: io file
func (b *blobs) rotate(dir string) error {
	for i := 4; i > 0; i-- {
		os.Rename(filepath.Join(dir, fmt.Sprint(i-1)), filepath.Join(dir, fmt.Sprint(i)))
	}
	return os.MkdirAll(dir, 0o755)
}

// A goroutine's effect is not its starter's.
// class: io file
func copyInBackground(c *client, path string) error {
	go c.fetch(path)
	return os.WriteFile(path, nil, 0o644)
}

// class: io proc
func gitHead(dir string) (string, error) {
	cmd := exec.Command("git", "rev-parse", "HEAD")
	cmd.Dir = dir
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// Output goes to memory; the process is waited for.
// class: io proc
func compile(src string) (string, error) {
	var out bytes.Buffer
	cmd := exec.Command("cc", "-x", "c", "-")
	cmd.Stdin = strings.NewReader(src)
	cmd.Stderr = &out
	err := cmd.Run()
	return out.String(), err
}

// A temporary file and a process: the process is stronger.
// class: io proc
func edit(text []byte) ([]byte, error) {
	f, err := os.CreateTemp("", "edit")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(text); err != nil {
		return nil, err
	}
	f.Close()
	cmd := exec.Command("vi", f.Name())
	cmd.Stdin, cmd.Stdout = os.Stdin, os.Stdout
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	return os.ReadFile(f.Name())
}

// class: io sleep
func settle(n int) int {
	time.Sleep(20 * time.Millisecond)
	return n * 2
}

// class: io sleep
func waitFor(ready *atomic.Bool) {
	for !ready.Load() {
		time.Sleep(time.Millisecond)
	}
}

// class: light none
func ownFont(builtIn []byte) []byte {
	name := os.Getenv("FONT")
	if name != "" {
		if b, err := os.ReadFile(name); err == nil {
			return b
		}
	}
	name = os.Getenv("FONT_FALLBACK")
	if name != "" && len(builtIn) == 0 {
		b, _ := os.ReadFile(name)
		return b
	}
	return builtIn
}

// class: light none
func traced() {
	if path, ok := os.LookupEnv("TRACE"); ok {
		os.WriteFile(path, nil, 0o600)
	}
}

// A default in the code is what most run with.
//
// class: io file
func listed() []byte {
	path := os.Getenv("LIST")
	if path == "" {
		path = "list.txt"
	}
	if path != "" {
		b, _ := os.ReadFile(path)
		return b
	}
	return nil
}
