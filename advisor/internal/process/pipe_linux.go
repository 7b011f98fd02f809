package process

import (
	"os"
	"syscall"
)

const (
	setPipeSize = 1031 // F_SETPIPE_SZ
	getPipeSize = 1032 // F_GETPIPE_SZ
	pageSize    = 4096
)

// widen asks for a pipe of 256 KiB and returns how many bytes one write can
// leave in the empty pipe without waiting for a reader. The two pages less
// allow for parts of pages at both ends.
func widen(pipe *os.File) int {
	fd := pipe.Fd()
	syscall.Syscall(syscall.SYS_FCNTL, fd, setPipeSize, 256<<10)
	size, _, errno := syscall.Syscall(syscall.SYS_FCNTL, fd, getPipeSize, 0)
	if errno != 0 || size < 4*pageSize {
		return pageSize
	}
	return int(size) - 2*pageSize
}

// ownProgram names the running program even after its file was replaced or
// removed.
func ownProgram() (string, error) {
	const self = "/proc/self/exe"
	if _, err := os.Stat(self); err == nil {
		return self, nil
	}
	return os.Executable()
}
