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

// Links is how many connections there are, Threads how much is computed at once.
type Links struct{ Links, Threads int }

func (l *Links) Fill() {
	if l.Links == 0 {
		l.Links = runtime.GOMAXPROCS(0)
	}
	if l.Threads == 0 {
		l.Threads = 16
	}
}

// Parallel is what is chosen, or the number of cores.
func Parallel(chosen int) int {
	if chosen < 1 {
		return runtime.GOMAXPROCS(0)
	}
	return chosen
}

func Cores() int { return runtime.GOMAXPROCS(0) }

// Shared is filled in by main, and read by the packages that it starts.
type Shared struct{ Pulls, Queue int }

// Told is what only main fills in and reads.
type Told struct{ Links, Spares, Many, Sums, Fixed int }
