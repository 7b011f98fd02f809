//go:build !unix

package main

// width is that of most terminals.
func width() int { return 80 }
