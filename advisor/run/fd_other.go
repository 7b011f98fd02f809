//go:build !unix

package run

func closeOnExec(uintptr) {}

func catchSignals() {}

func endedByInterrupt(error) bool { return false }
