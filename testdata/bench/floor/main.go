// Floor is a vettool that does nothing: what the go command and the driver
// cost before any analysis.
package main

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
)

func main() {
	unitchecker.Main(&analysis.Analyzer{
		Name: "floor",
		Doc:  "no facts, no work",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	})
}
