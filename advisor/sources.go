package advisor

import "embed"

// Sources are the files of packages executor and run and of what they import, by their
// path from this directory: what a harness of "concurlint run" is built from.
// They travel inside the command, so that the user's module needs nothing.
//
//go:embed executor/*.go internal/made/*.go internal/process/*.go internal/sizing/*.go run/*.go
var Sources embed.FS
