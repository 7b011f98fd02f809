//go:build unix

package limits

import (
	"math"
	"syscall"
)

// openFiles is how many files this process may have open, false if there is no limit.
// The runtime has raised the soft limit to the hard one.
func openFiles() (int64, bool) {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return 0, false
	}
	most := uint64(r.Cur) // signed on some systems
	return int64(most), most > 0 && most < math.MaxInt64
}
