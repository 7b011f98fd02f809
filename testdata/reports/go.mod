module github.com/concurlint/concurlint/testdata/reports

go 1.26.0

toolchain go1.26.8

// gosec carries the schema of SARIF, and none of its code is compiled; of reviewdog
// it is the reader of Checkstyle's format.
require (
	github.com/reviewdog/reviewdog v0.21.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	github.com/securego/gosec/v2 v2.29.0
)

require (
	github.com/haya14busa/go-sarif v0.0.0-20240630170108-a3ba8d79599f // indirect
	github.com/reviewdog/errorformat v0.0.0-20250320004447-223c26dbe212 // indirect
	golang.org/x/text v0.41.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
