//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// width is that of the terminal in columns.
func width() int {
	size, err := unix.IoctlGetWinsize(int(os.Stderr.Fd()), unix.TIOCGWINSZ)
	if err != nil || size.Col == 0 {
		return 80
	}
	return int(size.Col)
}
