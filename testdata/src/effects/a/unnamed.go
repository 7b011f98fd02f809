package a

import "io"

func open() interface {
	io.Reader
	Name() string
} {
	return nil
}

// An interface that is written out has no name to know it by.
func unnamed(b []byte) {
	r := open()
	r.Read(b)
}
