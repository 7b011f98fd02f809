package c

// A basin has a channel of what is left in it.
type basin struct {
	drops chan int
	spare chan int
	level int
}

// Drain takes what is in a channel that it has just closed, and waits for nobody.
func (b *basin) Drain() {
	close(b.drops)
	for range b.drops {
		b.level--
	}
	<-b.drops
}

// DrainOther has closed another channel.
func (b *basin) DrainOther() { // want DrainOther:`^chan\(always\) endless$`
	close(b.spare)
	for range b.drops {
		b.level--
	}
}

// DrainAnother has closed that of another basin.
func (b *basin) DrainAnother(c *basin) { // want DrainAnother:`^chan\(always\) endless$`
	close(c.drops)
	for range b.drops {
		b.level--
	}
}

// DrainMaybe closes it on one of two ways.
func (b *basin) DrainMaybe(all bool) { // want DrainMaybe:`^chan\(always\) endless$`
	if all {
		close(b.drops)
	}
	for range b.drops {
		b.level--
	}
}

// DrainNew has made it anew.
func (b *basin) DrainNew() { // want DrainNew:`^chan\(always\) endless$`
	close(b.drops)
	b.drops = make(chan int, 8)
	for range b.drops {
		b.level--
	}
}

// DrainLate closes it on the way out.
func (b *basin) DrainLate() { // want DrainLate:`^chan\(always\) endless$`
	defer close(b.drops)
	for range b.drops {
		b.level--
	}
}
