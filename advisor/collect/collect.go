// Package collect records a running program through the /debug/pprof of
// net/http/pprof: an execution trace with the CPU profile on, so that the
// samples lie in the trace, and what else tells about waiting.
//
// It sends nothing but GET requests, and writes what it gets to files at once,
// as a trace may be larger than memory.
package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// Options are what is recorded. The zero value is ready for use.
type Options struct {
	// Block and Mutex ask for these profiles too. They are empty unless the
	// program calls runtime.SetBlockProfileRate and SetMutexProfileFraction; the
	// former then costs more than all the rest.
	Block, Mutex bool
	// Keep is a directory in which the recordings stay, in a folder named by the
	// time; "" means that Close removes them.
	Keep string
	// Progress, if not nil, is called now and then with the name of a recording
	// and the bytes received of it. Calls do not overlap.
	Progress func(name string, read int64)
}

// A Recording is what a program recorded of itself.
type Recording struct {
	Inputs []profile.Input // for profile.Read, best evidence first
	Dir    string          // where the files are
	// Notes say what is missing and why, in the form of those of a Source.
	Notes []string
	// What follows is by the metrics that the process offers for Prometheus, zero if
	// it offers none: its CPU time while it recorded, how long goroutines stood in the
	// run queue meanwhile, at least, and GOMAXPROCS.
	Rusage time.Duration
	Queued profile.Wait
	Cores  int
	// Limits are those of the process, by its metrics, or by the system where it is a
	// process of this machine.
	Limits profile.Limits

	keep bool
}

// Close removes the files unless they are to be kept.
func (r *Recording) Close() error {
	if r.keep {
		return nil
	}
	return os.RemoveAll(r.Dir)
}

// snapshots is how often the goroutines are listed. Each time stops the program
// for some microseconds a goroutine, and a few are enough to see what is always
// there: the trace says the rest.
const snapshots = 5

// Collect records for d, rounded up to a second, the program whose /debug/pprof
// is at address: host:port, a URL with or without the path, or unix:FILE for a
// socket. What it cannot get is a note; only if there is neither a trace nor a
// CPU profile nor a list of goroutines is there an error.
func Collect(ctx context.Context, address string, d time.Duration, opts Options) (*Recording, error) {
	t, err := parseTarget(address)
	if err != nil {
		return nil, err
	}
	if d <= 0 {
		return nil, fmt.Errorf("cannot record for %v: name a duration like 30s", d)
	}
	r := &Recording{keep: opts.Keep != ""}
	if r.Dir, err = directory(opts.Keep, time.Now()); err != nil {
		return nil, err
	}
	c := &collector{target: t, client: t.client(), opts: opts, seconds: int((d + time.Second - 1) / time.Second), rec: r}
	defer c.client.CloseIdleConnections()
	err = c.record(ctx)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil && t.socket != "" {
		err = fmt.Errorf("%s: %w", address, err)
	}
	if err != nil {
		r.keep = r.keep && len(r.Inputs) > 0
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// directory makes the one for the files.
func directory(keep string, now time.Time) (string, error) {
	if keep == "" {
		return os.MkdirTemp("", "concurlint-")
	}
	if err := os.MkdirAll(keep, 0o777); err != nil {
		return "", err
	}
	return os.MkdirTemp(keep, now.Format("20060102-150405-"))
}

// A collector is the work of one Collect.
type collector struct {
	target  target
	client  *httpClient
	opts    Options
	seconds int
	rec     *Recording

	mu     sync.Mutex // for Progress and what follows
	files  []file
	failed []failure
}

// A failure is a recording that did not arrive, or not whole.
type failure struct {
	rank int
	error
}

// A file is a recording that arrived, whole or in part.
type file struct {
	rank int // in the order of requests
	name string
	path string
}

// record asks for everything and waits for the answers.
func (c *collector) record(ctx context.Context) error {
	before := c.figures(ctx)
	var wg sync.WaitGroup
	lasting := []string{"trace", "profile"}
	if c.opts.Block {
		lasting = append(lasting, "block")
	}
	if c.opts.Mutex {
		lasting = append(lasting, "mutex")
	}
	for i, what := range lasting {
		wg.Go(func() {
			c.get(ctx, i, what, what, c.seconds)
			if what == "profile" { // the first to end: the trace has much to send
				after := c.figures(ctx)
				c.rec.between(before, after)
				c.rec.told(after, c.local(ctx))
			}
		})
	}
	wg.Go(func() { c.watch(ctx, len(lasting)) })
	wg.Wait()
	if len(c.files) > 0 {
		c.get(ctx, len(lasting)+snapshots, "heap", "heap", 0)
		c.get(ctx, len(lasting)+snapshots+1, leaks, leaks, 0)
	}
	slices.SortFunc(c.files, func(a, b file) int { return cmp.Compare(a.rank, b.rank) })
	slices.SortFunc(c.failed, func(a, b failure) int { return cmp.Compare(a.rank, b.rank) })
	if len(c.files) == 0 {
		return c.failed[0].error
	}
	c.finish()
	return nil
}

// watch lists the goroutines from time to time, until that fails.
func (c *collector) watch(ctx context.Context, rank int) {
	every := time.Duration(c.seconds) * time.Second / snapshots
	for i := range snapshots {
		if i > 0 && !pause(ctx, every) {
			return
		}
		if !c.get(ctx, rank+i, "goroutine", "goroutine-"+strconv.Itoa(i+1), 0) {
			return
		}
	}
}

// pause says false if ctx ends before.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// leaks is a profile that programs have if they were built to, with
// GOEXPERIMENT=goroutineleakprofile: that it is missing is worth no word.
const leaks = "goroutineleak"

// get asks for one recording and says whether there is something to be used.
func (c *collector) get(ctx context.Context, rank int, what, name string, seconds int) bool {
	path := filepath.Join(c.rec.Dir, name)
	n, err := c.download(ctx, what, path, seconds)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		if what != leaks {
			c.failed = append(c.failed, failure{rank, err})
		}
		// The beginning of a trace can be used; that of a profile cannot.
		if n == 0 || what != "trace" {
			os.Remove(path)
			return false
		}
	}
	c.files = append(c.files, file{rank, name, path})
	return true
}

func (c *collector) download(ctx context.Context, what, path string, seconds int) (int64, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return 0, err
	}
	n, err := c.client.get(ctx, c.target.url(what, seconds), seconds, &progress{f, c, what, 0})
	return n, errors.Join(err, f.Close())
}

// progress passes bytes on and tells how many there were.
type progress struct {
	w    io.Writer
	c    *collector
	name string
	n    int64
}

func (p *progress) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	p.n += int64(n)
	if p.c.opts.Progress != nil {
		p.c.mu.Lock()
		defer p.c.mu.Unlock()
		p.c.opts.Progress(p.name, p.n)
	}
	return n, err
}

// finish hands over what came, and what did not as notes.
func (c *collector) finish() {
	for _, f := range c.files {
		c.rec.Inputs = append(c.rec.Inputs, profile.Input{
			Name: label(c.target.url(f.name, 0)),
			Open: func() (io.ReadCloser, error) { return os.Open(f.path) },
		})
	}
	for _, err := range c.failed {
		c.rec.Notes = append(c.rec.Notes, err.Error())
	}
}
