package run

import (
	"errors"
	"os"
	"syscall"
)

// fsync makes the data of f durable. The size is data; the times are not.
func fsync(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
