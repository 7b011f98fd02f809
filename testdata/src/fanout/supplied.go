package fanout

import (
	"fanout/clerk"
	"fanout/shop"
)

// The package that starts the goroutines declares the interface: what they wait for is
// known where it gets its implementation.
func clerks() (*clerk.Clerk, *clerk.Bell) {
	post := shop.NewPost()
	c := clerk.New(post, // want `note: .*clerk...Clerk..SendAll calls shop...Post..Send in a goroutine for each of items`
		&shop.Box{})
	c.Report = shop.NewPost()                                      // want `note: .*clerk...Clerk..TellAll calls shop...Post..Tell in a goroutine for each of items`
	return c, clerk.NewBell(clerk.Options{Sender: shop.NewPost()}) // want `note: .*clerk...Bell..Ring calls shop...Post..Ping in a goroutine for each of items`
}

// What it does with the slow one is bounded, and a box waits for nothing.
func idler() *clerk.Clerk { return clerk.New(&shop.Box{}, shop.NewPost()) }

func letters(items []string) {
	clerk.Each(items, shop.NewPost()) // want `note: .*clerk.Each calls shop...Post..Send in a goroutine`
	clerk.Each(items, &shop.Box{})
}
