package places

import "sync"

// DeskLock guards Desk, also for the packages that change it.
var (
	DeskLock sync.RWMutex
	Desk     = make(map[string]int)
)
