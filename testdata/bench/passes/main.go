//go:build linux

// Command passes compares what the analyzers cost with what type-checking costs,
// package by package in one thread:
//
//	cd MODULE && go run …/testdata/bench/passes [-runs N] [-cpuprofile FILE] ./...
//
// Everything outside of the standard library is type-checked from source, so the
// time for types holds no reading of imports; what a vettool, which starts anew
// for each package, spends on those is measured beside it. Prints CPU
// milliseconds and shares for the main module and for all packages. With -runs, a
// package is type-checked and analyzed N times, and its medians count; a profile
// then shows the analyzers alone under -focus='bench..analyze'.
package main

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"runtime"
	"runtime/pprof"
	"slices"
	"syscall"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/settings"
)

type factKey struct {
	obj types.Object
	pkg *types.Package
	typ reflect.Type
}

type bench struct {
	runs    int
	fset    *token.FileSet
	checked map[string]*types.Package // from source, or export data
	facts   map[factKey]analysis.Fact
	own     cost // of the main module
	all     cost
	errors  []error // of type-checking
}

// cost is CPU time by what it is spent on.
type cost struct {
	packages                                  int
	imports, types, effects, placement, rules time.Duration
}

func main() {
	runs := flag.Int("runs", 1, "how often each package is analyzed")
	profile := flag.String("cpuprofile", "", "`file` for a CPU profile")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			fmt.Fprintln(os.Stderr, "passes:", err)
			os.Exit(2)
		}
		if err := pprof.StartCPUProfile(f); err == nil {
			defer pprof.StopCPUProfile()
		}
	}
	runtime.LockOSThread()
	b := &bench{runs: *runs, fset: token.NewFileSet(), checked: make(map[string]*types.Package), facts: make(map[factKey]analysis.Fact)}
	b.checked["unsafe"] = types.Unsafe
	cfg := &packages.Config{Mode: packages.NeedName | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile | packages.NeedModule | packages.NeedTypesSizes}
	roots, err := packages.Load(cfg, flag.Args()...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "passes:", err)
		os.Exit(2)
	}
	packages.Visit(roots, nil, func(p *packages.Package) {
		if err := b.visit(p); err != nil {
			fmt.Fprintf(os.Stderr, "passes: %s: %v\n", p.PkgPath, err)
		}
	})
	b.own.print("main module")
	b.all.print("all")
	if len(b.errors) > 0 {
		fmt.Printf("%d errors, the first: %v\n", len(b.errors), b.errors[0])
	}
}

func (c cost) print(name string) {
	sum := c.effects + c.placement + c.rules
	fmt.Printf("%s: %d packages, imports %d ms, types %d ms, effects %d ms, placement %d ms, rules %d ms: %.1f %% of imports and types, %.1f %% of types alone\n", name, c.packages,
		c.imports.Milliseconds(), c.types.Milliseconds(), c.effects.Milliseconds(), c.placement.Milliseconds(), c.rules.Milliseconds(),
		100*float64(sum)/float64(c.imports+c.types), 100*float64(sum)/float64(c.types))
}

func (b *bench) visit(p *packages.Package) error {
	if p.PkgPath == "unsafe" {
		return nil
	}
	if p.Module == nil {
		return read(p, b.fset, b.checked)
	}
	var files []*ast.File
	for _, name := range p.CompiledGoFiles {
		f, err := parser.ParseFile(b.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	var list []cost
	for range b.runs {
		list = append(list, b.run(p, files))
	}
	one := median(list)
	one.packages = 1
	one.imports = clock(func() { readImports(p) })
	b.all.add(one)
	if p.Module.Main {
		b.own.add(one)
	}
	return nil
}

// run type-checks and analyzes a package.
func (b *bench) run(p *packages.Package, files []*ast.File) cost {
	info := &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Instances:    make(map[*ast.Ident]types.Instance),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		Scopes:       make(map[ast.Node]*types.Scope),
		FileVersions: make(map[*ast.File]string),
	}
	conf := types.Config{Importer: (*importer)(b), Sizes: p.TypesSizes, GoVersion: "", Error: func(err error) { b.errors = append(b.errors, err) }}
	var one cost
	var pkg *types.Package
	one.types = clock(func() { pkg, _ = conf.Check(p.PkgPath, b.fset, files, info) })
	b.checked[p.PkgPath] = pkg
	b.analyze(&one, files, pkg, info, p.Module)
	return one
}

// median has of each cost the median.
func median(list []cost) cost {
	of := func(get func(cost) time.Duration) time.Duration {
		var times []time.Duration
		for _, c := range list {
			times = append(times, get(c))
		}
		slices.Sort(times)
		return times[len(times)/2]
	}
	return cost{
		types:     of(func(c cost) time.Duration { return c.types }),
		effects:   of(func(c cost) time.Duration { return c.effects }),
		placement: of(func(c cost) time.Duration { return c.placement }),
		rules:     of(func(c cost) time.Duration { return c.rules }),
	}
}

// read reads the export data of p.
func read(p *packages.Package, fset *token.FileSet, into map[string]*types.Package) error {
	f, err := os.Open(p.ExportFile)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return err
	}
	into[p.PkgPath], err = gcexportdata.Read(r, fset, into, p.PkgPath)
	return err
}

// readImports reads what a process that checks p alone has to read.
func readImports(p *packages.Package) {
	fset, into := token.NewFileSet(), map[string]*types.Package{"unsafe": types.Unsafe}
	for _, dep := range p.Imports {
		if dep.PkgPath == "unsafe" {
			continue
		}
		if err := read(dep, fset, into); err != nil {
			fmt.Fprintf(os.Stderr, "passes: %s: %v\n", dep.PkgPath, err)
		}
	}
}

func (c *cost) add(o cost) {
	c.imports += o.imports
	c.packages += o.packages
	c.types += o.types
	c.effects += o.effects
	c.placement += o.placement
	c.rules += o.rules
}

func (b *bench) analyze(c *cost, files []*ast.File, pkg *types.Package, info *types.Info, mod *packages.Module) {
	pass := &analysis.Pass{
		Fset: b.fset, Files: files, Pkg: pkg, TypesInfo: info, Module: &analysis.Module{Path: mod.Path, Version: mod.Version},
		Report:            func(analysis.Diagnostic) {},
		ResultOf:          map[*analysis.Analyzer]any{settings.Analyzer: values(mod)},
		ImportObjectFact:  func(o types.Object, f analysis.Fact) bool { return b.fact(factKey{obj: o}, f) },
		ImportPackageFact: func(p *types.Package, f analysis.Fact) bool { return b.fact(factKey{pkg: p}, f) },
		ExportObjectFact: func(o types.Object, f analysis.Fact) {
			b.facts[factKey{obj: o, typ: reflect.TypeOf(f)}] = f
		},
		ExportPackageFact: func(f analysis.Fact) { b.facts[factKey{pkg: pkg, typ: reflect.TypeOf(f)}] = f },
	}
	list := []*analysis.Analyzer{directive.Analyzer, effects.Analyzer, placement.Analyzer}
	if mod.Main {
		list = append(list, analyzers.All()...)
	}
	for _, a := range list {
		b.do(c, pass, a)
	}
}

// do runs an analyzer after those that it requires, unless it has run.
func (b *bench) do(c *cost, pass *analysis.Pass, a *analysis.Analyzer) {
	if _, done := pass.ResultOf[a]; done {
		return
	}
	for _, req := range a.Requires {
		b.do(c, pass, req)
	}
	pass.Analyzer = a
	spent := clock(func() {
		res, err := a.Run(pass)
		if err != nil {
			fmt.Fprintf(os.Stderr, "passes: %s: %v\n", pass.Pkg.Path(), err)
		}
		pass.ResultOf[a] = res
	})
	switch a {
	case directive.Analyzer, effects.Analyzer:
		c.effects += spent
	case placement.Analyzer:
		c.placement += spent
	default:
		c.rules += spent
	}
}

// values are the settings of the vettool, which wants facts alone of dependencies.
func values(mod *packages.Module) *settings.Values {
	v := settings.New()
	v.FactsOnly = !mod.Main
	return v
}

func (b *bench) fact(k factKey, into analysis.Fact) bool {
	k.typ = reflect.TypeOf(into)
	f, ok := b.facts[k]
	if ok {
		reflect.ValueOf(into).Elem().Set(reflect.ValueOf(f).Elem())
	}
	return ok
}

// clock returns the CPU time that this thread spends in f: other processes do
// not count, nor does the garbage collector's own thread.
func clock(f func()) time.Duration {
	start := threadTime()
	f()
	return threadTime() - start
}

// rusageThread is RUSAGE_THREAD of getrusage(2).
const rusageThread = 1

func threadTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(rusageThread, &u); err != nil {
		panic(err) // Linux has it
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

type importer bench

func (b *importer) Import(path string) (*types.Package, error) {
	if pkg := b.checked[path]; pkg != nil {
		return pkg, nil
	}
	return nil, fmt.Errorf("%s is not there", path)
}
