module github.com/concurlint/concurlint/analyzers/golangci

go 1.26.0

toolchain go1.26.8

require (
	github.com/concurlint/concurlint v0.0.0
	github.com/golangci/plugin-module-register v0.1.2
	golang.org/x/tools v0.52.0
)

replace github.com/concurlint/concurlint => ../..
