// Package sizing chooses how many tasks to keep in flight from nothing but
// their completions.
package sizing
