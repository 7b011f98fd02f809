package module

import (
	"os/exec"
	"strings"
	"testing"
)

// The list must have what the toolchain has; what it has beyond are experiments
// and other releases.
func TestStandard(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{if .GoFiles}}{{.ImportPath}}{{end}}", "std").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		if !Standard(path) {
			t.Errorf("%s is missing in std.txt", path)
		}
	}
	for _, path := range []string{"log/audit", "net/x", "cmd/server", "internal/app", "example.com/log", ""} {
		if Standard(path) {
			t.Errorf("%s is no package of the standard library", path)
		}
	}
}

func TestFetched(t *testing.T) {
	for file, want := range map[string]bool{
		"external/com_example_lib/lib.go":                                      true,
		"bazel-out/k8-fastbuild/bin/external/com_example_lib/gen.go":           true,
		"/home/u/.cache/bazel/7f/sandbox/1/execroot/_main/external/x/lib.go":   true,
		"/home/u/go/pkg/mod/example.com/lib@v1.2.3/lib.go":                     true,
		"/src/app/vendor/example.com/lib/lib.go":                               true,
		"store/external/store.go":                                              false,
		"bazel-out/k8-fastbuild/bin/store/gen.go":                              false,
		"/home/u/.cache/bazel/7f/sandbox/1/execroot/_main/store/store.go":      false,
		"/home/u/external/store.go":                                            false,
		"/home/u/.cache/bazel/7f/execroot/_main/bazel-out/k8/bin/store/gen.go": false,
		"store.go": false,
	} {
		if have := fetched(file); have != want {
			t.Errorf("%s: %v, want %v", file, have, want)
		}
	}
}
