// Command full is golangci-lint with the plugin, as golangci-lint custom makes it,
// but from modules alone: a build farm has no use for a clone. It is a large build.
package main

import (
	"fmt"
	"os"

	"github.com/golangci/golangci-lint/v2/pkg/commands"

	_ "github.com/concurlint/concurlint/analyzers/golangci"
)

func main() {
	if err := commands.Execute(commands.BuildInfo{Version: "custom"}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}
