module github.com/concurlint/concurlint/testdata/reports

go 1.26.0

toolchain go1.26.8

// The second carries the schema of SARIF; none of its code is compiled.
require (
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	github.com/securego/gosec/v2 v2.29.0
)

require golang.org/x/text v0.41.0 // indirect
