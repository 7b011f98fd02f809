package fanout

import (
	"bufio"
	"net"
	"strings"
	"time"
)

// A task that loops until it has its answer is no worker: there are as many at once as
// somebody starts. All here that is wrong is a warning.

type dealer struct{ conn net.Conn }

func (d *dealer) quote(item string) (price string, err error) {
	if d.conn, err = net.Dial("tcp", item+".example:7"); err != nil {
		return "", err
	}
	r := bufio.NewReader(d.conn)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", err
		}
		if v, ok := strings.CutPrefix(line, "price "); ok {
			return v, nil
		}
	}
}

// quotes asks all dealers again on each tick, whether they have answered or not.
func quotes(dealers []*dealer, item string) {
	for range time.Tick(time.Second) {
		for _, d := range dealers {
			go d.quote(item) // want "note: .*each of dealers and each waits on the network"
		}
	}
}

// Those who follow a dealer to the end are as many as there are.
func (d *dealer) follow(news chan string) error {
	r := bufio.NewReader(d.conn)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return err
		}
		news <- line
	}
}

func followAll(dealers []*dealer, news chan string) {
	for _, d := range dealers {
		go d.follow(news)
	}
}

// A length that is known or not does not change: no loop that somebody else ends.
func decode(b []byte, n int, known bool) (sum int) {
	for i := 0; known && i < n || !known && b[i] != 0; i++ {
		sum += int(b[i])
	}
	return sum
}

func decodeAll(addresses []string) {
	for _, a := range addresses {
		go func() { // want "note: .*each of addresses and each waits on the network"
			fetch(a)
			decode([]byte(a), len(a), true)
		}()
	}
}

// A jump leaves the loop, too.
func pack(b []byte) (sum int) {
	i := 0
	for {
		for {
			if i++; i >= len(b) {
				goto rest
			}
			if b[i] == ' ' {
				break
			}
		}
		sum++
	}
rest:
	return sum
}

func packAll(addresses []string) {
	for _, a := range addresses {
		go func() { // want "note: .*each of addresses and each waits on the network"
			fetch(a)
			pack([]byte(a))
		}()
	}
}

// A flag that somebody else sets ends the loop: a worker.
type poller struct{ stopped bool }

func (p *poller) run(a string) {
	for !p.stopped {
		fetch(a)
	}
}

func pollAll(p *poller, addresses []string) {
	for _, a := range addresses {
		go p.run(a)
	}
}

// A loop that goes round only to try again is no worker, however it waits meanwhile:
// where the answer has come it leaves, at its end or at a test for no error.
func (d *dealer) confirm(order string, answers chan error) error {
	for {
		if err := d.offer(order); err != nil {
			return err
		}
		if err := <-answers; err != nil {
			order = strings.TrimSuffix(order, "!")
			continue
		}
		return nil
	}
}

func confirmAll(d *dealer, orders []string, answers chan error) {
	for _, o := range orders {
		go d.confirm(o, answers) // want "note: .*each of orders and each waits on the network"
	}
}

func (d *dealer) insist(order string, ticks <-chan time.Time) {
	for {
		if err := d.offer(order); err == nil {
			return
		}
		<-ticks
	}
}

func insistAll(d *dealer, orders []string, ticks <-chan time.Time) {
	for _, o := range orders {
		go d.insist(o, ticks) // want "note: .*each of orders and each waits on the network"
	}
}

func (d *dealer) offer(order string) error {
	_, err := net.Dial("tcp", order+".example:8")
	return err
}

// What serves, and is begun anew where that fails, is a worker all the same.
func (d *dealer) keep(news chan string) {
	for {
		if err := d.follow(news); err == nil {
			return
		}
		time.Sleep(time.Second)
	}
}

func keepAll(dealers []*dealer, news chan string) {
	for _, d := range dealers {
		go d.keep(news)
	}
}
