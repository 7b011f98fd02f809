package profile

import "io"

// An Input is a recording to be read.
type Input struct {
	Name string // file name or address, for messages; "-" is standard input
	// Open begins to read it. It is nil for the file called Name.
	Open func() (io.ReadCloser, error)
}

// Options are how recordings are read. The zero value is ready for use.
type Options struct {
	// Progress, if not nil, is called now and then with the name of the input
	// and the number of bytes read of it.
	Progress func(name string, read int64)
	// Stdin is what the input "-" reads; nil means os.Stdin.
	Stdin io.Reader
}
