package main

import (
	"errors"
	"flag"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
)

var (
	traceFile = flag.String("trace", "", "`file` for the execution trace, with the CPU profile in it")
	cpuFile   = flag.String("cpu", "", "`file` for the CPU profile")
	blockFile = flag.String("block", "", "`file` for the block profile, of every event")
	mutexFile = flag.String("mutex", "", "`file` for the mutex profile, of every event")
	goFile    = flag.String("goroutine", "", "`file` for a snapshot of the goroutines at the end")
)

// record starts what the flags want, and returns what ends it.
func record() (stop func() error, err error) {
	var stops []func() error
	stop = func() error {
		var errs []error
		for _, f := range stops {
			errs = append(errs, f())
		}
		return errors.Join(errs...)
	}
	if *blockFile != "" {
		runtime.SetBlockProfileRate(1)
		stops = append(stops, func() error { return lookup("block", *blockFile) })
	}
	if *mutexFile != "" {
		runtime.SetMutexProfileFraction(1)
		stops = append(stops, func() error { return lookup("mutex", *mutexFile) })
	}
	if *goFile != "" {
		stops = append(stops, func() error { return lookup("goroutine", *goFile) })
	}
	if *traceFile != "" {
		f, err := os.Create(*traceFile)
		if err != nil {
			return nil, err
		}
		if err := trace.Start(f); err != nil {
			return nil, err
		}
		stops = append(stops, func() error { trace.Stop(); return f.Close() })
	}
	if *cpuFile == "" && *traceFile == "" {
		return stop, nil
	}
	// With a trace running, the samples go into it as well.
	var to io.Writer = io.Discard
	if *cpuFile != "" {
		if to, err = os.Create(*cpuFile); err != nil {
			return nil, err
		}
	}
	// The profile has to end before the trace, which has its samples.
	stops = append([]func() error{func() error { pprof.StopCPUProfile(); return nil }}, stops...)
	return stop, pprof.StartCPUProfile(to)
}

func lookup(profile, file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup(profile).WriteTo(f, 0), f.Close())
}
