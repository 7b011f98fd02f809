package effects

import "go/types"

// A GroupVerb says what a method does with a group of goroutines.
type GroupVerb int

const (
	NoGroup       GroupVerb = iota
	WaitsForGroup           // returns when all of its goroutines have ended
	LeavesGroup             // the goroutine that calls it is no longer waited for
	StartsInGroup           // runs its argument on a goroutine that is waited for
)

var groupVerbs = map[string]GroupVerb{
	"(*sync.WaitGroup).Wait":                    WaitsForGroup,
	"(*golang.org/x/sync/errgroup.Group).Wait":  WaitsForGroup,
	"(*sync.WaitGroup).Done":                    LeavesGroup,
	"(*sync.WaitGroup).Go":                      StartsInGroup,
	"(*golang.org/x/sync/errgroup.Group).Go":    StartsInGroup,
	"(*golang.org/x/sync/errgroup.Group).TryGo": StartsInGroup,
}

// OnGroup returns what a function, which may be nil, does with a group.
func OnGroup(fn *types.Func) GroupVerb {
	if fn == nil {
		return NoGroup
	}
	switch fn.Name() { // a full name takes a while to put together
	case "Wait", "Done", "Go", "TryGo":
		return groupVerbs[fn.FullName()]
	}
	return NoGroup
}
