// Package balancer stands in for the library of the same path.
package balancer

import "context"

type PickInfo struct{ Ctx context.Context }

type PickResult struct{}

type Picker interface {
	Pick(info PickInfo) (PickResult, error)
}
