// Package cured runs each piece of work where it belongs. Package broken has
// the same functions in files of the same names:
//
//	diff -u broken cured
package cured
