package fanout

// What a task empties as it ends, and what it goes over until one of two ends, is no work
// without an end.
type drain struct {
	all   bool
	names chan string
}

func (d *drain) each(us []string) {
	for _, u := range us {
		go d.stream(u) // want "note: .*starts a goroutine for each of us and each waits on the network"
	}
	for _, u := range us {
		go d.match(u, us) // want "note: .*starts a goroutine for each of us and each waits on the network"
	}
}

func (d *drain) stream(u string) {
	defer func() {
		for name := range d.names {
			println(name)
		}
	}()
	fetch(u)
	close(d.names)
}

func (d *drain) match(u string, us []string) {
	for i, j := 0, 0; (d.all || i < len(u)) && j < len(us); {
		if us[j] == u {
			j++
		}
		i++
	}
	fetch(u)
}
