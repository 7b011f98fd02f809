package rider

import "blockloop/bus/mq"

// A table of functions, as a package has it, is given to a function of another one.
var table = map[string]func([]byte){
	"packed": func([]byte) {
		ask("packed") // want `warning: blockloop: ask waits on the network on mqtt's loop`
	},
	"counted": func([]byte) { count++ },
}

var count int

var aside = map[string]func([]byte){
	"sent": func([]byte) { ask("sent") }, // each on a goroutine
}

type clerk struct{}

func (clerk) Hear([]byte) {
	ask("clerk") // want `warning: blockloop: ask waits on the network on mqtt's loop`
}

func mount(b *mq.Bus) {
	b.Mount(table)
	b.Aside(aside)
	b.Mount(map[string]func([]byte){"opened": func([]byte) {
		ask("opened") // want `warning: blockloop: ask waits on the network on mqtt's loop`
	}})
	b.Join("all", []mq.Member{clerk{}})
}
