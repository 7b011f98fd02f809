package advisor

import (
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor/profile"
)

// A recording names the programs that it is of by their main packages and tests.
func TestPrograms(t *testing.T) {
	for name, c := range map[string]struct {
		frames        string
		known         []string
		mains, tested string
	}{
		"command":                  {"app.fetch@fetch.go:18 main.main@/src/app/cmd/tool/main.go:6", nil, "ex.io/app/cmd/tool", ""},
		"two commands":             {"main.main@/src/app/cmd/tool/main.go:6 main.main@ex.io/app/cmd/app/main.go:6", nil, "ex.io/app/cmd/app ex.io/app/cmd/tool", ""},
		"command of another":       {"app.fetch@fetch.go:18 main.main@/o/cmd/other/main.go:6", nil, "", ""},
		"nothing of main":          {"app.fetch@fetch.go:18 net/http.(*conn).serve@server.go:3", nil, "", ""},
		"test":                     {"app.BenchmarkFetch@/src/app/fetch_test.go:6 testing.(*B).runN@benchmark.go:3 main.main@_testmain.go:47", nil, "", "ex.io/app"},
		"external test":            {"ex.io/app_test.BenchmarkFetch@/src/app/fetch_test.go:6", nil, "", "ex.io/app"},
		"external test of sub":     {"ex.io/app/sub_test.BenchmarkF@/src/app/sub/f_test.go:6", nil, "", "ex.io/app/sub"},
		"test of a main package":   {"ex.io/app/cmd/tool.BenchmarkMain@/src/app/cmd/tool/main_test.go:6", nil, "", "ex.io/app/cmd/tool"},
		"test of a library":        {"other.org/x.BenchmarkF@/o/x/f_test.go:6", nil, "", ""},
		"renamed module":           {"ex.io/app/v2.fetch@f.go:18 ex.io/app/v2/sub.BenchmarkF@sub/f_test.go:6", nil, "", "ex.io/app/sub"},
		"command, and a benchmark": {"main.main@/src/app/cmd/tool/main.go:6", []string{"ex.io/app/sub"}, "ex.io/app/cmd/tool", "ex.io/app/sub"},
	} {
		t.Run(name, func(t *testing.T) {
			ev := record().source(profile.CPUProfile, 10*sc).stack(c.frames, cpu(sc)).evidence()
			ev.Tested = c.known
			mains, tested := Programs(program(), ev)
			if got := strings.Join(mains, " "); got != c.mains {
				t.Errorf("commands %q, want %q", got, c.mains)
			}
			if got := strings.Join(tested, " "); got != c.tested {
				t.Errorf("tests of %q, want %q", got, c.tested)
			}
		})
	}
}
