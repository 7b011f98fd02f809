package fanout

// A goroutine that brings what a loop goes over, and closes the channel, is done when the
// loop is. All here that is wrong is a warning.

func brings(u string, found chan<- string) {
	defer close(found)
	if fetch(u) == nil {
		found <- u
	}
}

func bringEach(us []string) (n int) {
	for _, u := range us {
		found := make(chan string)
		go brings(u, found)
		for f := range found {
			n += len(f)
		}
	}
	return n
}

func bring(u string) int {
	n, found := 0, make(chan string)
	go func() {
		defer close(found)
		fetch(u)
	}()
	for f := range found {
		switch f {
		case "":
			break
		default:
			n++
		}
	}
	return n
}

func bringOne(u string, to chan<- string) error {
	found := make(chan string)
	go brings(u, found)
	for f := range found {
		to <- f
	}
	return nil
}

func bringAll(us []string, to chan<- string) {
	for _, u := range us {
		bring(u)
		bringOne(u, to)
	}
}

// Generators in functions of their own.
func bringsOf(u string) <-chan string {
	found := make(chan string)
	go brings(u, found)
	return found
}

func bringFrom(us []string) (n int) {
	for _, u := range us {
		for range bringsOf(u) {
			n++
		}
	}
	return n
}

// The first is enough, and the others go on.
func bringFirst(us []string) (first []string) {
	for _, u := range us {
		found := make(chan string, 1)
		go brings(u, found) // want `note: fanout: go starts a goroutine for each of us and each waits on the network`
		for f := range found {
			first = append(first, f)
			break
		}
	}
	return first
}
