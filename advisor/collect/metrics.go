package collect

import (
	"bufio"
	"context"
	"io"
	"math"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor/limits"
	"github.com/concurlint/concurlint/advisor/profile"
)

// maxMetrics and metricsTimeout bound what is asked for on the side.
const (
	maxMetrics     = 16 << 20
	metricsTimeout = 5 * time.Second
)

// figures are what a process says of itself at one time, by the names below.
type figures map[string]float64

// The figures that no recording holds. CPU profiles are always below the first; the
// run queue is in traces, which not every program gives. Of expvar's /debug/vars
// nothing is among them.
const (
	cpuTime  = "process_cpu_seconds_total"
	maxFiles = "process_max_fds"
	files    = "process_open_fds"
	memory   = "process_resident_memory_bytes"
	memLimit = "go_gc_gomemlimit_bytes"
	cores    = "go_sched_gomaxprocs_threads"
	queued   = "go_sched_latencies_seconds_sum"
	queues   = "go_sched_latencies_seconds_count"
)

// synonyms are what other libraries call the same figures: OpenTelemetry's runtime
// instrumentation behind its exporter, and github.com/VictoriaMetrics/metrics.
var synonyms = map[string]string{
	"go_memory_limit_bytes":              memLimit,
	"go_memlimit_bytes":                  memLimit,
	"go_processor_limit":                 cores,
	"go_gomaxprocs":                      cores,
	"go_schedule_duration_seconds_sum":   queued,
	"go_schedule_duration_seconds_count": queues,
}

var wanted = map[string]bool{cpuTime: true, maxFiles: true, files: true, memory: true, memLimit: true, cores: true, queued: true, queues: true}

// figures asks the process, if it offers metrics for Prometheus. Without them there
// are none.
func (c *collector) figures(ctx context.Context) figures {
	ctx, cancel := context.WithTimeout(ctx, metricsTimeout)
	defer cancel()
	resp, err := c.client.open(ctx, c.target.metrics())
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	return parseFigures(io.LimitReader(resp.Body, maxMetrics))
}

// parseFigures reads Prometheus's text format. OpenTelemetry adds labels of its own to
// what is one figure by nature; figures of several processes in one answer are none.
func parseFigures(r io.Reader) figures {
	f := make(figures)
	for lines := bufio.NewScanner(r); lines.Scan(); {
		line := lines.Text()
		end := strings.IndexAny(line, "{ ")
		if end <= 0 {
			continue
		}
		name, value := line[:end], line[end:]
		if other := synonyms[name]; other != "" {
			name = other
		}
		if !wanted[name] {
			continue
		}
		if value[0] == '{' {
			value = value[strings.LastIndexByte(value, '}')+1:]
		}
		word, _, _ := strings.Cut(strings.TrimLeft(value, " "), " ") // a time may follow
		v, err := strconv.ParseFloat(word, 64)
		if _, twice := f[name]; twice || err != nil || !(v >= 0) {
			v = math.NaN()
		}
		f[name] = v
	}
	for name, v := range f {
		if math.IsNaN(v) {
			delete(f, name)
		}
	}
	return f
}

// unlimited is from where on a number of files or bytes stands for no limit.
const unlimited = 1 << 60

// room is that of a figure, by its name.
func (f figures) room(limit, held string) (r profile.Room) {
	if most := f[limit]; most >= 1 && most < unlimited {
		r = profile.Room{Max: int64(most), By: limit + " in its metrics"}
	}
	if have := f[held]; have < unlimited {
		r.Held = int64(have)
	}
	return r
}

// between is what two readings say of the time between them.
func (r *Recording) between(before, after figures) {
	lapsed := func(name string) float64 {
		from, ok := before[name]
		to := after[name] // of a process that was begun anew, less
		if !ok || to < from {
			return 0
		}
		return to - from
	}
	r.Rusage = seconds(lapsed(cpuTime))
	r.Queued = profile.Wait{Time: seconds(lapsed(queued)), Count: int64(min(lapsed(queues), unlimited))}
}

func seconds(s float64) time.Duration {
	return time.Duration(min(s, 1e9) * float64(time.Second)) // 30 years
}

// told takes what the process says of itself, or else the system of a process of this
// machine.
func (r *Recording) told(f figures, local profile.Limits) {
	l := profile.Limits{Files: f.room(maxFiles, files), Memory: f.room(memLimit, memory)}
	if l.Files.Max == 0 {
		l.Files = local.Files
	}
	// The limit for the collector is no bound of the system's, which may be less.
	if l.Memory.Max == 0 || local.Memory.Max > 0 && local.Memory.Max < l.Memory.Max {
		l.Memory = local.Memory
	}
	r.Limits = l
	if n := f[cores]; n >= 1 && n < 1<<20 {
		r.Cores = int(n)
	}
}

// local are the limits of the process by the system, if it is of this machine and says
// at /debug/pprof/cmdline what the system says of it.
func (c *collector) local(ctx context.Context) (none profile.Limits) {
	at := c.target.url("cmdline", 0)
	port, ok := localPort(at)
	if !ok || c.target.socket != "" {
		return none
	}
	ctx, cancel := context.WithTimeout(ctx, metricsTimeout)
	defer cancel()
	resp, err := c.client.open(ctx, at)
	if err != nil {
		return none
	}
	defer resp.Body.Close()
	args, err := io.ReadAll(io.LimitReader(resp.Body, maxMetrics))
	if err != nil {
		return none
	}
	pid, ok := limits.Serving(port, string(args))
	if !ok {
		return none
	}
	of, _ := limits.Of(pid)
	return of
}

// localPort is the TCP port of an address of this machine.
func localPort(u *url.URL) (port int, ok bool) {
	ips, err := net.LookupIP(u.Hostname())
	if err != nil || len(ips) == 0 || !ips[0].IsLoopback() {
		return 0, false
	}
	text := u.Port()
	if text == "" {
		text = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	port, err = strconv.Atoi(text)
	return port, err == nil
}
