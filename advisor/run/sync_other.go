//go:build !linux

package run

import "os"

func fsync(f *os.File) error { return f.Sync() }
