package serving

import "net/http"

// What waits far below the case is seldom what its author has thought of.
type digger struct {
	dig  chan string
	lift chan int
	n    int
}

func (d *digger) run() {
	for {
		select {
		case url := <-d.dig:
			d.first(url) // want `silent: blockloop: .*digger..first waits on the network while the loop serves none of its 2 channels`
		case n := <-d.lift:
			d.n += n
		}
	}
}

func (d *digger) first(url string)  { d.second(url) }
func (d *digger) second(url string) { d.third(url) }
func (d *digger) third(url string)  { d.fourth(url) }
func (d *digger) fourth(url string) { _, _ = http.Get(url) }
