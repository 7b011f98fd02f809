package collect

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// What libraries say of a process, and what is made of it.
func TestFigures(t *testing.T) {
	const gib = 1 << 30
	here := profile.Limits{Files: profile.Room{Max: 77, Held: 7, By: "here"}, Memory: profile.Room{Max: 2 * gib, Held: 5, By: "here"}}
	for name, c := range map[string]struct {
		before, after string
		local         profile.Limits
		want          Recording
	}{
		"client_golang": {
			"# HELP x y\nprocess_cpu_seconds_total 12.5\ngo_sched_latencies_seconds_sum 2\ngo_sched_latencies_seconds_count 100\nz 1\n",
			"process_cpu_seconds_total 1.4e+01\nprocess_max_fds 1.048576e+06\nprocess_open_fds 40\nprocess_resident_memory_bytes 9e+06\n" +
				"go_gc_gomemlimit_bytes 1.073741824e+09\ngo_sched_gomaxprocs_threads 8\n" +
				"go_sched_latencies_seconds_bucket{le=\"0\"} 3\ngo_sched_latencies_seconds_sum 3.5\ngo_sched_latencies_seconds_count 400\n",
			profile.Limits{},
			Recording{Rusage: 1500 * time.Millisecond, Queued: profile.Wait{Time: 1500 * time.Millisecond, Count: 300}, Cores: 8,
				Limits: profile.Limits{Files: profile.Room{Max: 1 << 20, Held: 40, By: "process_max_fds in its metrics"},
					Memory: profile.Room{Max: gib, Held: 9e6, By: "go_gc_gomemlimit_bytes in its metrics"}}},
		},
		"OpenTelemetry": {
			`go_schedule_duration_seconds_sum{otel_scope_name="a b"} 1` + "\n" + `go_schedule_duration_seconds_count{otel_scope_name="a b"} 10`,
			`go_schedule_duration_seconds_sum{otel_scope_name="a b"} 2 1700000000000` + "\n" + `go_schedule_duration_seconds_count{otel_scope_name="a b"} 12` +
				"\n" + `go_processor_limit{otel_scope_name="a } b"} 4`,
			profile.Limits{},
			Recording{Queued: profile.Wait{Time: time.Second, Count: 2}, Cores: 4},
		},
		"no limits":                {"", "process_max_fds 1.8446744073709552e+19\ngo_gc_gomemlimit_bytes 9.223372036854776e+18\n", profile.Limits{}, Recording{}},
		"the system's word":        {"", "go_gc_gomemlimit_bytes 9.223372036854776e+18", here, Recording{Limits: here}},
		"its own word":             {"", "process_max_fds 1024", here, Recording{Limits: profile.Limits{Files: profile.Room{Max: 1024, By: "process_max_fds in its metrics"}, Memory: here.Memory}}},
		"the lesser bound":         {"", "go_gc_gomemlimit_bytes 8589934592", here, Recording{Limits: here}},
		"begun anew":               {"process_cpu_seconds_total 9", "process_cpu_seconds_total 1", profile.Limits{}, Recording{}},
		"not asked in time":        {"", "process_cpu_seconds_total 1", profile.Limits{}, Recording{}},
		"no numbers":               {"process_cpu_seconds_total NaN", "process_cpu_seconds_total x\nprocess_max_fds -1\nprocess_open_fds\ngo_gomaxprocs{", profile.Limits{}, Recording{}},
		"several processes in one": {"", "process_max_fds{pod=\"a\"} 10\nprocess_max_fds{pod=\"b\"} 20\n", profile.Limits{}, Recording{}},
		"a page":                   {"<html>", "<html> {", profile.Limits{}, Recording{}},
	} {
		var r Recording
		after := parseFigures(strings.NewReader(c.after))
		r.between(parseFigures(strings.NewReader(c.before)), after)
		if r.told(after, c.local); !reflect.DeepEqual(r, c.want) {
			t.Errorf("%s:\n%+v, want\n%+v", name, r, c.want)
		}
	}
}
