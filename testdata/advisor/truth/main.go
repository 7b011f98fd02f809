// Truth runs one of its cases for a while and records it.
//
//	truth -for 2s -trace out.trace -truth out.json http2
//
// The trace is recorded with the CPU profile on, so that one file has both.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"example.com/truth/cases"
	"example.com/truth/farend"
	"example.com/truth/measure"
)

var (
	span  = flag.Duration("for", 2*time.Second, "`time` to run")
	truth = flag.String("truth", "", "`file` for what the program measured of itself")
)

func main() {
	farend.Serve()
	log.SetFlags(0)
	log.SetPrefix("truth: ")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "usage: truth [flags] CASE\ncases: %s\n", strings.Join(slices.Sorted(maps.Keys(cases.All)), " "))
		flag.PrintDefaults()
	}
	flag.Parse()
	make, found := cases.All[flag.Arg(0)]
	if !found {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(make); err != nil {
		log.Fatal(err)
	}
}

func run(make func() (cases.Batch, error)) error {
	batch, err := make()
	if err != nil {
		return err
	}
	stop, err := record()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), *span)
	defer cancel()
	for ctx.Err() == nil {
		if err := batch(ctx); err != nil {
			return err
		}
	}
	if err := stop(); err != nil || *truth == "" {
		return err
	}
	return measure.Write(*truth)
}
