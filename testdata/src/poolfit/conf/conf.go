// Package conf holds what a program is told.
package conf

import (
	"flag"
	"runtime"
)

var (
	Jobs  = flag.Int("jobs", 0, "")
	Loads = flag.Int("loads", 4, "")
)

// Config is read from a file.
type Config struct {
	Hands, Hosts int
}

func Default() *Config {
	return &Config{Hands: runtime.GOMAXPROCS(0) / 2, Hosts: max(2, runtime.GOMAXPROCS(0))}
}
