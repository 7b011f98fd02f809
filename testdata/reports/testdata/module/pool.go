package app

import "runtime"

// Sums computes on a pool that can have no worker.
func Sums(parts [][]float64) []float64 {
	out := make([]float64, len(parts))
	slots := make(chan struct{}, runtime.NumCPU()/2)
	done := make(chan struct{})
	for i, p := range parts {
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; done <- struct{}{} }()
			out[i] = sum(p)
		}()
	}
	for range parts {
		<-done
	}
	return out
}

func sum(list []float64) (s float64) {
	for _, a := range list {
		for _, b := range list {
			for _, c := range list {
				s += a * b * c
			}
		}
	}
	return s
}
