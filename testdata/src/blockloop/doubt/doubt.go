// Package doubt holds what is a note on a loop and no warning.
package doubt

import "google.golang.org/grpc/balancer"

// Whoever uses the package makes the channel, perhaps with a buffer.
type picker struct{ Picked chan<- string }

func (p *picker) Pick(balancer.PickInfo) (balancer.PickResult, error) {
	p.Picked <- "x" // want `note: .*balancer's loop sends to p.Picked`
	p.tell()
	return balancer.PickResult{}, nil
}

func (p *picker) tell() {
	p.Picked <- "y" // want `note: .*balancer's loop sends to p.Picked`
}
