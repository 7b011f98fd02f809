package effects_test

import (
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// cache imports a package once, or fails once: the default importer asks the
// go command again each time.
type cache struct {
	types.Importer
	packages map[string]*types.Package
}

func (c cache) Import(path string) (*types.Package, error) {
	if pkg, ok := c.packages[path]; ok {
		if pkg == nil {
			return nil, errors.New("not there")
		}
		return pkg, nil
	}
	pkg, err := c.Importer.Import(path)
	c.packages[path] = pkg
	return pkg, err
}

// checked is a parsed and type-checked package.
type checked struct {
	fset      *token.FileSet
	files     []*ast.File
	pkg       *types.Package
	info      *types.Info
	functions int
}

// BenchmarkPackage compares the pass with type-checking on packages of the
// standard library, taken for somebody's own. The shell script
// testdata/bench/states compares whole runs of go vet.
func BenchmarkPackage(b *testing.B) {
	imp := cache{importer.Default(), make(map[string]*types.Package)}
	for _, path := range []string{"bufio", "go/parser", "net/http", "encoding/json"} {
		files := parse(b, path)
		b.Run("types/"+path, func(b *testing.B) {
			var c *checked
			for b.Loop() {
				c = check(b, imp, files)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.functions), "ns/func")
		})
		b.Run("effects/"+path, func(b *testing.B) {
			c := check(b, imp, files)
			for b.Loop() {
				analyze(b, c)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.functions), "ns/func")
		})
	}
}

// sources are the parsed files of a package.
type sources struct {
	fset  *token.FileSet
	files []*ast.File
}

func parse(b *testing.B, path string) sources {
	names, err := filepath.Glob(filepath.Join(runtime.GOROOT(), "src", path, "*.go"))
	if err != nil || len(names) == 0 {
		b.Skipf("no source of %s", path)
	}
	s := sources{fset: token.NewFileSet()}
	for _, name := range names {
		base := strings.TrimSuffix(filepath.Base(name), ".go")
		if strings.HasSuffix(base, "_test") || strings.HasSuffix(base, "_js") || strings.HasSuffix(base, "_wasm") || strings.HasPrefix(base, "roundtrip_js") {
			continue
		}
		f, err := parser.ParseFile(s.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			b.Fatal(err)
		}
		s.files = append(s.files, f)
	}
	return s
}

// check type-checks the files as a package that is not of the standard library.
// What it cannot know, such as vendored imports, does not matter here.
func check(b *testing.B, imp types.Importer, s sources) *checked {
	c := &checked{fset: s.fset, files: s.files, info: &types.Info{
		Types:      make(map[ast.Expr]types.TypeAndValue),
		Instances:  make(map[*ast.Ident]types.Instance),
		Defs:       make(map[*ast.Ident]types.Object),
		Uses:       make(map[*ast.Ident]types.Object),
		Implicits:  make(map[ast.Node]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes:     make(map[ast.Node]*types.Scope),
	}}
	conf := types.Config{Importer: imp, Error: func(error) {}}
	c.pkg, _ = conf.Check("example.com/"+s.files[0].Name.Name, s.fset, s.files, c.info)
	for _, f := range s.files {
		for _, d := range f.Decls {
			if _, ok := d.(*ast.FuncDecl); ok {
				c.functions++
			}
		}
	}
	return c
}

func analyze(b *testing.B, c *checked) {
	pass := &analysis.Pass{
		Fset: c.fset, Files: c.files, Pkg: c.pkg, TypesInfo: c.info,
		Report:            func(analysis.Diagnostic) {},
		ResultOf:          make(map[*analysis.Analyzer]any),
		ImportObjectFact:  func(types.Object, analysis.Fact) bool { return false },
		ExportObjectFact:  func(types.Object, analysis.Fact) {},
		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportPackageFact: func(analysis.Fact) {},
	}
	for _, a := range []*analysis.Analyzer{settings.Analyzer, directive.Analyzer, effects.Analyzer} {
		pass.Analyzer = a
		res, err := a.Run(pass)
		if err != nil {
			b.Fatal(err)
		}
		pass.ResultOf[a] = res
	}
}
