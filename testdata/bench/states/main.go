// States times concurlint and its peers on a checkout in every state in which a
// team meets a linter, and prints one table: medians of wall and CPU seconds,
// the peak memory of the largest process, and the ratio to go vet.
//
//	go run ./testdata/bench/states -edit tsdb/wlog/checkpoint.go DIR
//
// The states, each with its own preparation before every run:
//
//	nothing    only the module cache: an empty build cache, no results
//	cold       the build cache is warm, there are no results
//	checkout   a new copy of the checkout, an empty build cache; the results of
//	           the tool are there, as where CI restores a cache
//	edit       one unexported function more in the file of -edit
//	unchanged  nothing has changed since the last run
//
// The tools take turns, so that what disturbs the machine disturbs all of them.
// staticcheck and golangci-lint are used where they are found on PATH; -also
// adds any other command. The build cache of the user is never emptied: states
// that need an empty one get a folder of their own.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

var (
	runs     = flag.Int("runs", 5, "runs of each tool in each state")
	peerRuns = flag.Int("peer-runs", 0, "runs of staticcheck and golangci-lint, where they shall be fewer")
	slowRuns = flag.Int("slow-runs", 1, "runs with nothing but the module cache, which compile the world")
	edit     = flag.String("edit", "", "`file` of the checkout that the state \"edit\" changes; without it the state is left out")
	packages = flag.String("packages", "./...", "package `pattern`")
	only     = flag.String("only", "", "`states` to measure, with commas; all of them by default")
	skip     = flag.String("skip", "", "`tools` to leave out, with commas")
	also     commands
)

// commands are further tools, as name=command with arguments.
type commands []string

func (c *commands) String() string     { return strings.Join(*c, " ") }
func (c *commands) Set(s string) error { *c = append(*c, s); return nil }

func main() {
	log.SetFlags(0)
	log.SetPrefix("states: ")
	flag.Var(&also, "also", "one more tool, as `name=command`; may be given again")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: states [flags] DIR")
	}
	dir, err := filepath.Abs(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	work, err := os.MkdirTemp("", "states")
	if err != nil {
		log.Fatal(err)
	}
	err = measure(dir, work)
	os.RemoveAll(work)
	if err != nil {
		log.Fatal(err)
	}
}

// measure fills the table state by state and prints each state as it is known.
func measure(dir, work string) error {
	tools, err := build(work)
	if err != nil {
		return err
	}
	b := &bench{dir: dir, work: work, original: dir}
	fmt.Printf("%s, %s, medians\n\n| state | tool | runs | wall s | CPU s | peak MiB | wall / go vet | CPU / go vet |\n|---|---|---|---|---|---|---|---|\n",
		filepath.Base(dir), *packages)
	for _, s := range states {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), s.name) || s.name == "edit" && *edit == "" {
			continue
		}
		if err := b.measureState(s, tools); err != nil {
			return err
		}
	}
	return b.printFacts(tools)
}
