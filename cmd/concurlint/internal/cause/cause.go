// Package cause says why a file could not be used, for messages that name the file
// themselves.
package cause

import (
	"errors"
	"io/fs"
	"os"
)

// Of returns the innermost part of a file system's error, without the operation and
// without paths, which may be those of temporary files. Other errors stay as they are.
func Of(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	if l := (*os.LinkError)(nil); errors.As(err, &l) {
		return l.Err
	}
	return err
}
