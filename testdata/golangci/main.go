// Command concurlint runs linters by golangci-lint's own runner and cache, and
// prints the issues as JSON. It is for the tests beside it, and takes the linters'
// names, joined by commas, the settings of those that are the plugin's, and packages.
// Flags before them mean what they mean for golangci-lint.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"github.com/golangci/golangci-lint/v2/internal/cache"
	gocache "github.com/golangci/golangci-lint/v2/internal/go/cache"
	"github.com/golangci/golangci-lint/v2/pkg/config"
	"github.com/golangci/golangci-lint/v2/pkg/goanalysis"
	"github.com/golangci/golangci-lint/v2/pkg/goanalysis/load"
	"github.com/golangci/golangci-lint/v2/pkg/lint/linter"
	"github.com/golangci/golangci-lint/v2/pkg/logutils"
	"github.com/golangci/golangci-lint/v2/pkg/result"
	"github.com/golangci/golangci-lint/v2/pkg/timeutils"
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/packages"

	_ "github.com/concurlint/concurlint/analyzers/golangci"
)

// An issue is what golangci-lint has of a finding.
type issue struct {
	File         string
	Line, Column int
	Text         string
}

func main() {
	applyFixes := flag.Bool("fix", false, "")
	rev := flag.String("new-from-rev", "", "")
	flag.Parse()
	found, err := run(flag.Arg(0), flag.Arg(1), flag.Args()[2:])
	if err == nil && *rev != "" {
		found, err = newSince(*rev, found)
	}
	if err == nil && *applyFixes {
		found, err = fix(found)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	issues := []issue{}
	for _, f := range found {
		issues = append(issues, issue{relative(f.FilePath()), f.Line(), f.Column(), f.Text})
	}
	json.NewEncoder(os.Stdout).Encode(issues)
}

// relative is the path from the working directory, with slashes.
func relative(file string) string {
	if dir, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(dir, file); err == nil {
			file = rel
		}
	}
	return filepath.ToSlash(file)
}

// run analyzes the packages with settings, JSON as they would stand in
// .golangci.yml. They are the cache's salt, as in golangci-lint.
func run(names, settings string, patterns []string) ([]*result.Issue, error) {
	var conf map[string]any
	if err := json.Unmarshal([]byte(settings), &conf); err != nil {
		return nil, err
	}
	lin, err := newLinter(strings.Split(names, ","), conf)
	if err != nil {
		return nil, err
	}
	gocache.SetSalt([]byte(names + settings))
	log := logutils.NewStderrLog("test")
	sw := timeutils.NewStopwatch("test", log)
	pkgCache, err := cache.NewCache(sw, log)
	if err != nil {
		return nil, err
	}
	defer pkgCache.Close()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps |
			packages.NeedExportFile | packages.NeedTypesSizes | packages.NeedModule,
	}, patterns...)
	if err != nil {
		return nil, err
	}
	guard := load.NewGuard()
	fset := token.NewFileSet() // as its loader does where no syntax was asked for
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		p.Fset = fset
		guard.AddMutexForPkg(p)
	})
	return lin.Run(context.Background(), &linter.Context{
		Packages: pkgs, OriginalPackages: pkgs, Cfg: config.NewDefault(), Log: log, PkgCache: pkgCache, LoadGuard: guard,
	})
}

// A runner is what one linter and several have in common.
type runner interface {
	Run(context.Context, *linter.Context) ([]*result.Issue, error)
}

// others are linters beside the plugin's, empty without the build tag standard.
var others = make(map[string]func() *goanalysis.Linter)

// newLinter makes one of several, as golangci-lint does.
func newLinter(names []string, conf any) (runner, error) {
	var list []*goanalysis.Linter
	for _, name := range names {
		if other := others[name]; other != nil {
			list = append(list, other())
			continue
		}
		newPlugin, err := register.GetPlugin(name)
		if err != nil {
			return nil, err
		}
		plugin, err := newPlugin(conf)
		if err != nil {
			return nil, err
		}
		analyzers, err := plugin.BuildAnalyzers()
		if err != nil {
			return nil, err
		}
		list = append(list, goanalysis.NewLinter(name, "", analyzers, nil).WithLoadMode(goanalysis.LoadModeTypesInfo))
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return goanalysis.NewMetaLinter(list), nil
}
