// Package balancer stands in for the library of the same path.
package balancer

type PickInfo struct{}

type PickResult struct{}

type Picker interface {
	Pick(info PickInfo) (PickResult, error)
}
