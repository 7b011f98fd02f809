package fanout

import "encoding/json"

// How the next thing comes in, and how a loop asks for it. All here that is wrong is a
// warning.

type order struct {
	Verb string
	Args json.RawMessage
}

// An error test is one wherever the call stands. The table of verbs decides what is started.
var verbs = map[string]func(json.RawMessage){
	"fetch": func(args json.RawMessage) {
		var u string
		if json.Unmarshal(args, &u) == nil {
			go fetch(u)
		}
	},
	"quit": func(json.RawMessage) {},
}

func obey(in chan []byte) {
	for b := range in {
		var o order
		if json.Unmarshal(b, &o) != nil {
			continue
		}
		if do, ok := verbs[o.Verb]; ok {
			do(o.Args) // want "each of in"
		}
	}
}

// What is decoded here is not what the task gets.
func wokenUp(in chan []byte, u string) {
	for b := range in {
		var o order
		if json.Unmarshal(b, &o) != nil {
			continue
		}
		go fetch(u)
	}
}
