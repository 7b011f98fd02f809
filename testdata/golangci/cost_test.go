//go:build standard && unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

func init() { tags = "standard" }

const standard = "errcheck,govet,ineffassign,staticcheck,unused"

// BenchmarkCost measures what golangci-lint's runner takes for its standard linters
// without the plugin and with it, in the modules of CONCURLINT_MODULES, with an empty
// cache and with a full one:
//
//	CONCURLINT_MODULES=DIR go test -tags standard -run xxx -bench Cost -benchtime 1x -count 5
func BenchmarkCost(b *testing.B) {
	for _, dir := range filepath.SplitList(os.Getenv("CONCURLINT_MODULES")) {
		for name, linters := range map[string]string{"without": standard, "with": standard + ",concurlint"} {
			for _, state := range []string{"cold", "warm"} {
				b.Run(filepath.Base(dir)+"/"+state+"/"+name, func(b *testing.B) { cost(b, dir, linters, state == "warm") })
			}
		}
	}
}

func cost(b *testing.B, dir, linters string, warm bool) {
	cache := b.TempDir()
	if warm {
		usage(b, dir, cache, linters)
	}
	var seconds, most float64
	for b.Loop() {
		if !warm {
			cache = b.TempDir()
		}
		r := usage(b, dir, cache, linters)
		seconds += float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
		most = max(most, float64(r.Maxrss)/unit())
	}
	b.ReportMetric(seconds/float64(b.N), "cpu-s/op")
	b.ReportMetric(most, "MiB")
}

// unit is how many of the system's units of memory are a MiB.
func unit() float64 {
	if runtime.GOOS == "darwin" {
		return 1 << 20
	}
	return 1 << 10
}

func usage(b *testing.B, dir, cache, linters string) *syscall.Rusage {
	b.Helper()
	cmd := exec.Command(filepath.Join(tools, "runner.exe"), linters, `{"severity": "warning"}`, "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOLANGCI_LINT_CACHE="+cache)
	if err := cmd.Run(); err != nil {
		b.Fatal(err)
	}
	return cmd.ProcessState.SysUsage().(*syscall.Rusage)
}
