// Package said prints: it has a function for each level.
package said

import (
	"fmt"
	"os"
)

var out *os.File

func Debugf(format string, args ...any) { fmt.Fprintf(out, format, args...) }
func Warnf(format string, args ...any)  { fmt.Fprintf(out, format, args...) }
func Errorf(format string, args ...any) { fmt.Fprintf(out, format, args...) }

func Warn(what any) { fmt.Fprintln(out, what) }

// What does not print does what it does.
func Open(name string) { out, _ = os.Create(name) }
