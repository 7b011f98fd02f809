package main

import (
	"errors"
	"flag"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/lockio"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"concurlint": main,
		// The same with an analyzer that fails, which none of ours should.
		"panicking": func() {
			lockio.Analyzer.Run = func(*analysis.Pass) (any, error) { panic("oops") }
			main()
		},
		"failing": func() {
			lockio.Analyzer.Run = func(*analysis.Pass) (any, error) { return nil, errors.New("no idea") }
			main()
		},
	})
}

func TestScript(t *testing.T) {
	// The scripts share the user's build cache: with one of their own each
	// would compile the standard library.
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	tool, err := exec.LookPath("concurlint")
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := filepath.Abs("../../testdata/advisor/recorded")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GOCACHE", string(cache[:len(cache)-1]))
			env.Setenv("GOPROXY", "off") // no script needs the network
			env.Setenv("GOFLAGS", "")
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			env.Setenv("CONCURLINT", tool)
			env.Setenv("RECORDED", recorded)
			return nil
		},
		RequireUniqueNames: true,
		UpdateScripts:      *update,
	})
}
