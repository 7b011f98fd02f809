// Named below golang.org/x/tools so that nogo, which the test builds here from the
// sources of rules_go, may import internal/facts, as Bazel lets it.
module golang.org/x/tools/concurlint

go 1.26.0

toolchain go1.26.8

// The second carries nogo and the program that generates the rest of it.
require (
	github.com/aymanbagabas/go-udiff v0.4.1
	github.com/bazelbuild/rules_go v0.65.0
	github.com/concurlint/concurlint v0.0.0
	golang.org/x/tools v0.52.0
)

replace github.com/concurlint/concurlint => ../..
