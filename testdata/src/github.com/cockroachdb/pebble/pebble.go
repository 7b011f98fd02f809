// Package pebble stands in for the library of the same path.
package pebble

type FlushInfo struct{}

type EventListener struct {
	FlushBegin func(FlushInfo)
	FlushEnd   func(FlushInfo)
}
