//go:build !unix && !windows

package made

import "os"

// openLocked locks nothing where the standard library has no lock for files.
func openLocked(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
}
