//go:build !linux

package limits

import "github.com/concurlint/concurlint/advisor/profile"

func groupMemory(string) int64 { return 0 }
func machineMemory() int64     { return 0 }

// Of is not known: only Linux tells it without further rights.
func Of(int) (profile.Limits, bool) { return profile.Limits{}, false }

// Serving is not known, see Of.
func Serving(int, string) (int, bool) { return 0, false }
