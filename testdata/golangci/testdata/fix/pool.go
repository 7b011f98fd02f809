package app

import rt "runtime"

// Slots are taken by those who use the disk.
var Slots = make(chan struct{}, rt.GOMAXPROCS(0)/2)

func each(work func()) {
	for range rt.GOMAXPROCS(0) / 2 { // half of the cores
		go work()
	}
	for i := 0; i < rt.GOMAXPROCS(0)-1; i++ {
		work := work // of this one
		go work()    // of them
	}
	for range rt.NumCPU() {
		go work()
	}
}
