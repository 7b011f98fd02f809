//go:build unix

package run

import (
	"errors"
	"os"
	"syscall"
)

// lock keeps other runs from f until it is closed or this process ends.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}
