package harness

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A memory is an answer of go list that is kept from run to run, since to ask
// takes longer than all else at the start. It holds for as long as all that
// decided it is the same, which is told by contents, not by times.
type memory struct {
	Out    []byte // what go list printed
	Digest string // of what it was made of, taken afterwards
	Sure   bool   // and the same before: nothing changed while go list ran
}

// memoryFile is where the answer for these patterns is kept, by all that is no
// file and decides it; "" if it is decided by files that are not known here.
func memoryFile(patterns []string) string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	cache, err := cacheDir()
	if err != nil {
		return ""
	}
	settings, _ := os.ReadFile(settingsFile())
	flags := os.Getenv("GOFLAGS") + string(settings)
	for _, f := range []string{"-overlay", "-modfile", "-toolexec"} {
		if strings.Contains(flags, f) {
			return ""
		}
	}
	tool := released()
	if tool == "" {
		return ""
	}
	key := hash(dir, tool, environment(), string(settings), os.Getenv("HOME"), os.Getenv("CC"), os.Getenv("CXX"), strings.Join(patterns, "\n"))
	return filepath.Join(cache, "list-"+key[:32]+".json")
}

// released identifies the go command. It is "" if that is not in the tree of a
// released Go: a program that stands in for it may choose another one each time.
func released() string {
	path, err := exec.LookPath("go")
	if err != nil {
		return ""
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return ""
	}
	version := releasedGo(filepath.Dir(filepath.Dir(path)))
	if version == "" {
		return ""
	}
	return path + "\n" + version
}

// settingsFile is what go env -w writes.
func settingsFile() string {
	if name := os.Getenv("GOENV"); name != "" {
		return name
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "go", "env")
}

// releasedGo is the version of a GOROOT, "" if its sources may change.
func releasedGo(root string) string {
	text, err := os.ReadFile(filepath.Join(root, "VERSION"))
	if err != nil {
		return ""
	}
	return string(text)
}

// remembered returns the memory in a file, the packages that it tells of, and the
// digest of what these are made of now; an empty one if there is none.
func remembered(file string) (m memory, pkgs *Packages, now string) {
	text, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(text, &m) != nil {
		return memory{}, nil, ""
	}
	if pkgs, err = parse(m.Out); err != nil {
		return memory{}, nil, ""
	}
	return m, pkgs, pkgs.digest(m.Out)
}

// holds reports whether the answer is that of now, and says that it was used.
func (m *memory) holds(file, now string) bool {
	if !m.Sure || now == "" || now != m.Digest {
		return false
	}
	at := time.Now()
	os.Chtimes(file, at, at)
	return true
}

// remember keeps a new answer. It is sure once go list has said the same twice,
// the second time between two digests that agree.
func remember(file, before string, out []byte, pkgs *Packages) {
	after := pkgs.digest(out)
	if after == "" {
		return
	}
	next := memory{Out: out, Digest: after, Sure: before == after}
	text, err := json.Marshal(next)
	if err != nil {
		return
	}
	// Whole or not at all: another run may read it. Without it all works too.
	part, err := os.CreateTemp(filepath.Dir(file), "list-part-")
	if err != nil {
		return
	}
	defer os.Remove(part.Name())
	_, err = part.Write(text)
	if cerr := part.Close(); err == nil && cerr == nil {
		os.Rename(part.Name(), file)
	}
}

// digest is of what go list printed, and of all files that decide that and what the
// packages compile to; "" where these are not known: packages that embed or use
// cgo, that do not compile, that are in no module. What is in the module cache does
// not change: go.sum, which is in the digest, has its sums.
func (pkgs *Packages) digest(out []byte) string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	d, root := &digest{parts: []string{string(out)}, seen: make(map[string]bool)}, ""
	d.upwards(dir)
	d.file(os.Getenv("GOWORK"))
	for _, p := range pkgs.list {
		if p.Error != nil || len(p.DepsErrors) > 0 {
			return ""
		}
		if p.Export != "" {
			if _, err := os.Stat(p.Export); err != nil {
				return "" // the go command has cleaned its cache
			}
		}
		switch {
		case p.Standard:
			if p.Root == root {
				continue
			}
			root = p.Root
			version := releasedGo(root)
			if version == "" {
				return ""
			}
			d.parts = append(d.parts, root, version)
		case p.Module == nil || len(p.CgoFiles) > 0:
			return ""
		case p.immutable():
		case len(p.EmbedPatterns) > 0 || !d.sources(p.Dir):
			return ""
		default:
			d.upwards(p.Dir)
		}
	}
	return hash(d.parts...)
}

// immutable reports whether the package is in the module cache.
func (p *listed) immutable() bool {
	m := p.Module
	return !m.Main && m.Version != "" && strings.HasSuffix(m.Dir, "@"+m.Version)
}

type digest struct {
	parts []string
	seen  map[string]bool // folders
}

// file takes in a file, if there is one.
func (d *digest) file(name string) {
	if text, err := os.ReadFile(name); err == nil {
		sum := sha256.Sum256(text)
		d.parts = append(d.parts, name, hex.EncodeToString(sum[:]))
	}
}

// upwards takes in what makes modules and workspaces of a folder and those around
// it.
func (d *digest) upwards(dir string) {
	for !d.seen[dir] {
		d.seen[dir] = true
		for _, name := range []string{"go.mod", "go.sum", "go.work", "go.work.sum", filepath.Join("vendor", "modules.txt")} {
			d.file(filepath.Join(dir, name))
		}
		dir = filepath.Dir(dir)
	}
}

// sourceExt are the files of a package without cgo and assembly that reach its
// compiled form.
var sourceExt = []string{".go", ".syso", ".pgo"}

// includes are files that may include others, from anywhere.
var includes = []string{".s", ".S", ".sx"}

// sources takes in the sources of a package, those too that the go command leaves
// out for now: a constraint may change. It reports whether that is all that decides.
func (d *digest) sources(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		name, ext := e.Name(), filepath.Ext(e.Name())
		if slices.Contains(includes, ext) {
			return false
		}
		if slices.Contains(sourceExt, ext) && !strings.HasSuffix(name, "_test.go") {
			d.file(filepath.Join(dir, name))
		}
	}
	return true
}
