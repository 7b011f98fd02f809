package rider

import (
	"blockloop/bus"
	"blockloop/bus/mq"
)

type parcel struct{ name string }

// What another package makes of a function calls it.
func around(b *mq.Bus) {
	b.Listen("guarded", mq.Guard(func([]byte) {
		ask("guarded") // want `warning: blockloop: ask waits on the network on mqtt's loop`
	}))
	b.Listen("decoded", mq.Decoded(func(p parcel) {
		ask(p.name) // want `warning: blockloop: ask waits on the network on mqtt's loop`
	}))
	b.Listen("both", mq.Guard(mq.Decoded(func(p *parcel) {
		ask(p.name) // want `warning: blockloop: ask waits on the network on mqtt's loop`
	})))
	b.Listen("timed", mq.Timed("timed", weigh))
	b.Listen("off", mq.Off(func([]byte) { ask("off") }))                // on a goroutine
	b.Listen("both", mq.Guard(mq.Off(func([]byte) { ask("off too") }))) // likewise
	b.Listen("once", mq.Once(func([]byte) { ask("once") }))             // on that of who calls Once
	_ = mq.Guard(func([]byte) { ask("alone") })                         // nobody listens
	var next bus.Handler = func([]byte) { count++ }
	for range 2 {
		next = mq.Guard(next)
	}
	b.Listen("chain", next)
}

func weigh([]byte) {
	ask("weigh") // want `warning: blockloop: ask waits on the network on mqtt's loop`
}
