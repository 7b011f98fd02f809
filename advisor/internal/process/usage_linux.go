package process

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// readUsage returns what this process uses now. statm stays open: a read of it
// costs 1 us, opening it several.
func readUsage(statm *os.File) usage {
	var u usage
	var ru syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &ru) == nil {
		u.CPU = time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
	}
	if statm == nil {
		return u
	}
	var buf [128]byte
	n, _ := statm.ReadAt(buf[:], 0)
	fields := bytes.Fields(buf[:n]) // total and resident pages first
	if len(fields) > 1 {
		pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
		u.RSS = pages * int64(os.Getpagesize())
	}
	return u
}

func openUsage() *os.File {
	f, err := os.Open("/proc/self/statm")
	if err != nil {
		return nil
	}
	return f
}
