//go:build !unix

package run

import (
	"os"
	"os/signal"
)

func closeOnExec(uintptr) {}

func catchSignals() {
	c := make(chan os.Signal, 8)
	signal.Notify(c, os.Interrupt)
	go func() {
		for range c {
		}
	}()
}
