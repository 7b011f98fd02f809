package harness

import (
	"context"
	"encoding/json"
	"fmt"
	goversion "go/version"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Harness is a built program.
type Harness struct {
	Path     string // of the executable
	Function string // hash of the functions and all that they call, without the standard library
	Cached   bool   // it was there
}

// keep is how long a harness that nobody uses is kept.
const keep = 14 * 24 * time.Hour

// Build builds the program for the functions, or finds it in the cache.
func (pkgs *Packages) Build(ctx context.Context, list []*Function) (*Harness, error) {
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, fn := range list {
		names = append(names, fn.Name)
	}
	prog, err := pkgs.generate(ctx, list, filepath.Join(cache, "module-"+hash(names...)[:32]))
	if err != nil {
		return nil, err
	}
	key := hash(pkgs.contents(true), prog.text(), environment())
	dir := filepath.Join(cache, key[:32])
	h := &Harness{Path: filepath.Join(dir, "harness"+exe()), Function: hash(pkgs.contents(false))[:32]}
	if _, err := os.Stat(h.Path); err == nil {
		h.Cached = true
		now := time.Now()
		os.Chtimes(dir, now, now)
		return h, nil
	}
	prune(cache)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	return h, prog.build(ctx, dir, h.Path)
}

// build compiles the program. The executable appears at once and whole: another
// run may be building the same.
func (g *program) build(ctx context.Context, dir, to string) error {
	work, err := os.MkdirTemp(dir, "build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	replace := make(map[string]string)
	n := 0
	for name, text := range g.files {
		if g.dir != "" && strings.HasPrefix(name, g.dir) {
			if err := writeFile(name, text); err != nil {
				return err
			}
			continue
		}
		n++
		file := filepath.Join(work, fmt.Sprintf("%d.go", n))
		if err := writeFile(file, text); err != nil {
			return err
		}
		replace[name] = file
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(work, "overlay.json"), overlay); err != nil {
		return err
	}
	out := filepath.Join(work, "harness"+exe())
	_, said, err := goCommand(ctx, g.dir, "build", "-buildvcs=false", "-overlay", filepath.Join(work, "overlay.json"), "-o", out, g.target)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		if have := tooOld(ctx, g.dir); have != "" {
			return fmt.Errorf("concurlint run needs %s, this is %s: install it, or set GOTOOLCHAIN=%s.0 (the go line of your module may stay as it is)", version, have, version)
		}
		return fmt.Errorf("cannot build the program around the function: %v\n%s", err, strings.TrimSpace(said))
	}
	return os.Rename(out, to)
}

// tooOld returns the version of a go command that does not know our language.
func tooOld(ctx context.Context, dir string) string {
	out, _, err := goCommand(ctx, dir, "env", "GOVERSION")
	have := strings.TrimSpace(string(out))
	if err != nil || goversion.Compare(goversion.Lang(have), version) >= 0 {
		return ""
	}
	return have
}

func writeFile(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o666)
}

// contents is what the packages' compiled forms are identified by.
func (pkgs *Packages) contents(standard bool) string {
	var ids []string
	for _, p := range pkgs.list {
		if p.Standard && !standard {
			continue
		}
		id := p.BuildID[strings.LastIndexByte(p.BuildID, '/')+1:]
		ids = append(ids, p.ImportPath+" "+id)
	}
	slices.Sort(ids)
	return strings.Join(ids, "\n")
}

// text is all that was generated.
func (g *program) text() string {
	var list []string
	for name, text := range g.files {
		list = append(list, name+"\n"+string(text))
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// environment is what else decides how the go command builds.
func environment() string {
	var list []string
	for _, e := range os.Environ() {
		if strings.HasPrefix(e, "GO") || strings.HasPrefix(e, "CGO_") {
			list = append(list, e)
		}
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

func cacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	dir = filepath.Join(dir, "concurlint", "run")
	return dir, os.MkdirAll(dir, 0o777)
}

// prune removes what nobody used for long.
func prune(cache string) {
	entries, err := os.ReadDir(cache)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > keep {
			os.RemoveAll(filepath.Join(cache, e.Name()))
		}
	}
}
