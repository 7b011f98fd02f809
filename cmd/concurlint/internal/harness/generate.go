package harness

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// A program is the generated files of a harness.
type program struct {
	files  map[string][]byte // by path; some replace a file of the user
	target string            // import path of the main package
	dir    string            // to build in; empty: the working directory
	root   string            // import path below which our packages are
}

// folder is the name of the generated folders. It is no name that people give.
const folder = "zz_concurlint_run_harness"

const (
	ourPath = "github.com/concurlint/concurlint/advisor/"
	// Files raise the language version of old modules by this line.
	version = "go1.26"
)

// mainModule asks for the module of the working directory; outside of any it is
// empty.
func mainModule(ctx context.Context) (path, dir string) {
	out, _, err := goCommand(ctx, "", "list", "-m", "-f", "{{.Path}}\t{{.Dir}}")
	if err != nil {
		return "", ""
	}
	line, _, _ := strings.Cut(string(out), "\n")
	path, dir, _ = strings.Cut(line, "\t")
	return path, dir
}

// generate writes the program for functions in memory. Outside is the folder of
// a module for functions of the standard library alone.
func (pkgs *Packages) generate(ctx context.Context, list []*Function, outside string) (*program, error) {
	g := &program{files: make(map[string][]byte)}
	modPath, modDir := "", ""
	host := "" // the package main that a function is in
	var hostPkg *listed
	for _, fn := range slices.Backward(list) {
		if fn.pkg.own() {
			modPath, modDir = fn.pkg.Module.Path, fn.pkg.Module.Dir
		}
		if fn.pkg.Name != "main" {
			continue
		}
		if host != "" && host != fn.pkg.ImportPath {
			return nil, fmt.Errorf("%s and %s are two programs; functions of one package main at a time can be run together", host, fn.pkg.ImportPath)
		}
		host, hostPkg = fn.pkg.ImportPath, fn.pkg
	}
	if hostPkg != nil && !hostPkg.own() {
		return nil, fmt.Errorf("%s is a program of another module; its functions cannot be run", host)
	}
	if modDir == "" && slices.ContainsFunc(list, func(fn *Function) bool { return !fn.pkg.Standard }) {
		modPath, modDir = mainModule(ctx)
	}
	if modDir == "" {
		modPath, modDir = "concurlint.run", outside
		g.dir = outside
		g.files[filepath.Join(outside, "go.mod")] = []byte("module " + modPath + "\n\ngo 1.26\n")
	}
	g.root = path.Join(modPath, folder)
	rootDir := filepath.Join(modDir, folder)
	if _, err := os.Stat(rootDir); err == nil {
		return nil, fmt.Errorf("there is a folder %s, a name that concurlint needs for itself", rootDir)
	}
	if err := g.addSources(rootDir); err != nil {
		return nil, err
	}

	g.target = path.Join(g.root, "main")
	mainDir := filepath.Join(rootDir, "main")
	if host != "" {
		g.target, mainDir = host, hostPkg.Dir
		if err := pkgs.renameMain(g, hostPkg); err != nil {
			return nil, err
		}
	}
	g.addMain(list, mainDir)
	return g, nil
}

// addSources adds the packages that travel inside the command, under their new
// paths.
func (g *program) addSources(dir string) error {
	return fs.WalkDir(advisor.Sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := advisor.Sources.ReadFile(name)
		if err != nil {
			return err
		}
		text = bytes.ReplaceAll(text, []byte(`"`+ourPath), []byte(`"`+g.root+"/"))
		g.files[filepath.Join(dir, filepath.FromSlash(name))] = raise(text)
		return nil
	})
}

// raise gives a file the language version that it is written in.
func raise(text []byte) []byte {
	at := 0
	for line := range bytes.Lines(text) {
		if expr, ok := bytes.CutPrefix(line, []byte("//go:build ")); ok {
			return slices.Concat(text[:at], fmt.Appendf(nil, "//go:build (%s) && %s\n", bytes.TrimSpace(expr), version), text[at+len(line):])
		}
		if bytes.HasPrefix(line, []byte("package ")) {
			break // constraints stand above it
		}
		at += len(line)
	}
	return slices.Concat([]byte("//go:build "+version+"\n\n"), text)
}

// addMain adds the main function and the files that register the functions.
// These stand in the functions' own packages, which the main package imports,
// so that unexported functions and internal packages can be had.
func (g *program) addMain(list []*Function, dir string) {
	inside := make(map[*listed][]*Function) // by the package to add a file to
	var outside []*Function
	for _, fn := range list {
		if fn.pkg.own() {
			inside[fn.pkg] = append(inside[fn.pkg], fn)
		} else {
			outside = append(outside, fn)
		}
	}
	imports := make(map[string]string) // path to name
	var register []string
	for p, fns := range inside {
		lines := registrations(fns, func(fn *Function, name string) string { return name })
		if p.ImportPath == g.target {
			register = append(register, lines...)
			continue
		}
		g.files[filepath.Join(p.Dir, folder+".go")] = g.file(p.Name, nil, lines, "")
		imports[g.bridge(p.ImportPath, p.Module.Path, p.Module.Dir)] = "_"
	}
	for i, fn := range outside {
		name := fmt.Sprintf("concurlint_p%d", i)
		if have, ok := imports[fn.pkg.ImportPath]; ok {
			name = have
		}
		imports[fn.pkg.ImportPath] = name
		register = append(register, registrations([]*Function{fn}, func(fn *Function, f string) string { return name + "." + f })...)
	}
	slices.Sort(register)
	g.files[filepath.Join(dir, folder+".go")] = g.file("main", imports, register, "func main() { concurlint_run.Main() }\n")
}

// registrations are the calls that register functions of one package.
func registrations(fns []*Function, spell func(*Function, string) string) []string {
	var lines []string
	seen := make(map[string]bool)
	for _, fn := range fns {
		if seen[fn.Name] {
			continue
		}
		seen[fn.Name] = true
		do := fmt.Sprintf("concurlint_run.%s(%s)", fn.Adapter, spell(fn, fn.name))
		if fn.State == "" {
			lines = append(lines, fmt.Sprintf("concurlint_run.Stateless(%q, %s)", fn.Name, do))
			continue
		}
		lines = append(lines, fmt.Sprintf("concurlint_run.Stateful(%q, %s, concurlint_run.%s(%s))", fn.Name, do, fn.newState, spell(fn, fn.State)))
	}
	return lines
}

// file is the text of a generated file.
func (g *program) file(pkg string, imports map[string]string, register []string, rest string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "//go:build %s\n\npackage %s\n\n", version, pkg)
	if len(register) > 0 || rest != "" {
		fmt.Fprintf(&b, "import concurlint_run %q\n", g.root+"/run")
	}
	paths := make([]string, 0, len(imports))
	for p := range imports {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		fmt.Fprintf(&b, "import %s %q\n", imports[p], p)
	}
	if len(register) > 0 {
		fmt.Fprintf(&b, "\nfunc init() {\n\t%s\n}\n", strings.Join(register, "\n\t"))
	}
	fmt.Fprintf(&b, "\n%s", rest)
	return []byte(b.String())
}

// bridge returns what to import for a package that is perhaps internal: the
// package itself, or a generated one beside the internal folder that imports it.
func (g *program) bridge(pkg, modPath, modDir string) string {
	for {
		parent, ok := internalTo(pkg)
		if !ok || parent == "" || g.target == parent || strings.HasPrefix(g.target, parent+"/") {
			return pkg
		}
		bridge := path.Join(parent, folder)
		dir := filepath.Join(modDir, filepath.FromSlash(strings.TrimPrefix(strings.TrimPrefix(bridge, modPath), "/")))
		file := filepath.Join(dir, "bridge"+hash(pkg)[:8]+".go")
		g.files[file] = g.file("bridge", map[string]string{pkg: "_"}, nil, "")
		pkg = bridge
	}
}

// internalTo returns the path below which pkg may be imported.
func internalTo(pkg string) (parent string, ok bool) {
	i := strings.LastIndex("/"+pkg+"/", "/internal/")
	if i < 0 {
		return "", false
	}
	return strings.TrimSuffix(("/" + pkg + "/")[1:max(1, i)], "/"), true
}

// renameMain makes room for our main function in the user's package main.
func (pkgs *Packages) renameMain(g *program, p *listed) error {
	uses := make(map[*ast.Ident]types.Object)
	tp, files, err := pkgs.check(p, uses)
	if err != nil {
		return err
	}
	obj := tp.Scope().Lookup("main")
	if obj == nil {
		return nil
	}
	at := make(map[string][]int) // offsets by file
	add := func(id *ast.Ident) {
		pos := pkgs.fset.PositionFor(id.Pos(), false)
		at[pos.Filename] = append(at[pos.Filename], pos.Offset)
	}
	for id, o := range uses {
		if o == obj {
			add(id)
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Recv == nil && fd.Name.Name == "main" {
				add(fd.Name)
			}
		}
	}
	for name, offsets := range at {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		slices.Sort(offsets)
		for _, o := range slices.Backward(offsets) {
			text = slices.Concat(text[:o], []byte("concurlint_main"), text[o+len("main"):])
		}
		g.files[name] = text
	}
	return nil
}

func hash(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s", len(t), t)
	}
	return hex.EncodeToString(h.Sum(nil))
}
