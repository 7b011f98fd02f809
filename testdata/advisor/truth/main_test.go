package main

import (
	"fmt"
	"os"
	"testing"

	"example.com/truth/cases"
	"example.com/truth/farend"
	"example.com/truth/measure"
)

func TestMain(m *testing.M) {
	farend.Serve()
	busy()
	code := m.Run()
	if file := os.Getenv("TRUTH_FILE"); file != "" {
		if err := measure.Write(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// Benchmark runs a batch of each case.
func Benchmark(b *testing.B) {
	for name, ready := range cases.All {
		b.Run(name, func(b *testing.B) {
			batch, err := ready()
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := batch(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
