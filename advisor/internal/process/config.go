package process

import (
	"io"
	"os"
	"runtime"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

// EnvWorker is the environment variable that tells a process that it was
// started as a worker.
const EnvWorker = "CONCURLINT_PROCESS_WORKER"

// Values of EnvWorker: by which ways the worker is connected.
const (
	modePipes   = "1"
	modeMailbox = "2" // pipes and a mailbox
)

// Config describes a pool. The zero value is usable: this program again, one
// worker for each processor, no limits.
type Config struct {
	Command []string `json:"command,omitempty"` // program and arguments of a worker; empty: this program, without arguments
	Env     []string `json:"env,omitempty"`     // "key=value", beside the parent's and GOMAXPROCS=1, which they override
	Workers int      `json:"workers,omitempty"` // 0: GOMAXPROCS of the parent
	Window  int      `json:"window,omitempty"`  // most tasks accepted and not yet received; 0: 8192, or 4 a worker if that is more

	MaxTasks int   `json:"max_tasks,omitempty"` // a worker is replaced after so many tasks; 0: never
	MaxRSS   int64 `json:"max_rss,omitempty"`   // a worker is replaced when its resident set exceeds so many bytes; 0: never

	BatchTarget time.Duration `json:"batch_target,omitempty"` // how long a batch of short tasks should last; 0: 2 ms
	MaxBatch    int           `json:"max_batch,omitempty"`    // most tasks in a batch; 0: 1024
	MaxFrame    int           `json:"max_frame,omitempty"`    // longest body and longest message, bytes; 0: 256 MiB

	SoftLimit time.Duration `json:"soft_limit,omitempty"` // deadline of a handler's context; 0: none
	HardLimit time.Duration `json:"hard_limit,omitempty"` // a task that runs longer loses its worker and fails; 0: none
	Attempts  int           `json:"attempts,omitempty"`   // a task fails when so many workers died running it; 0: 3

	StartLimit time.Duration `json:"start_limit,omitempty"` // a worker that has not reported by then does not start; 0: 30 s
	Grace      time.Duration `json:"grace,omitempty"`       // a worker that was told to end is killed after so long; 0: 5 s

	Stderr io.Writer `json:"-"` // what workers print to either stream, line by line behind a prefix; nil: os.Stderr
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

func (c Config) withDefaults() Config {
	c.Workers = max(1, or(c.Workers, runtime.GOMAXPROCS(0)))
	c.Window = max(1, or(c.Window, max(8192, 4*c.Workers)))
	c.BatchTarget = or(c.BatchTarget, sizing.Batch)
	c.MaxBatch = max(1, or(c.MaxBatch, 1024))
	c.MaxFrame = or(c.MaxFrame, 256<<20)
	c.Attempts = max(1, or(c.Attempts, 3))
	c.StartLimit = or(c.StartLimit, 30*time.Second)
	c.Grace = or(c.Grace, 5*time.Second)
	if c.Stderr == nil {
		c.Stderr = os.Stderr
	}
	return c
}

// settings for the workers. Results of a batch wait for its end, so it hands
// the rest back soon after its target, and well before a hard limit.
func (c Config) settings() settings {
	relief := 2 * c.BatchTarget
	if c.HardLimit > 0 {
		relief = max(min(relief, c.HardLimit/2), time.Millisecond)
	}
	return settings{Relief: relief, SoftLimit: c.SoftLimit, MaxFrame: c.MaxFrame}
}
