//go:build !linux

package process

import "os"

// widen returns how many bytes one write can leave in an empty pipe without
// waiting for a reader: what the smallest of the systems' pipes takes.
func widen(*os.File) int { return 4096 }

func ownProgram() (string, error) { return os.Executable() }
