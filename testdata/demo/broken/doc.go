// Package broken runs each piece of work where it does not belong. Package
// cured has the same functions in files of the same names:
//
//	diff -u broken cured
package broken
