package fanout

import (
	"errors"
	"strings"

	"fanout/shop"
)

// A service is injected by its constructor, and the loop makes something of each
// message for it. All here that is wrong is a warning.
type counter struct {
	svc   shop.Service
	lines chan string
	names []string
}

func newCounter(svc shop.Service) *counter { return &counter{svc: svc, lines: make(chan string)} }

// What is read of the lines goes into a map, and from there into an order: both are
// made for each.
func (c *counter) serve() {
	for {
		values := map[string]string{}
		for _, name := range c.names {
			line, err := c.next()
			if err != nil {
				return
			}
			read(values, name, line)
		}
		o := &shop.Order{}
		if err := fill(o, values); err != nil {
			continue
		}
		go c.svc.Process(o) // want "warning: .*each of what .*next returns and each waits on the network"
	}
}

func (c *counter) next() (string, error) {
	line, ok := <-c.lines
	if !ok {
		return "", errors.New("closed")
	}
	return line, nil
}

func read(values map[string]string, name, line string) {
	if v, ok := strings.CutPrefix(line, name+"="); ok {
		values[name] = v
	}
}

func fill(o *shop.Order, values map[string]string) error {
	if o.Item = values["item"]; o.Item == "" {
		return errors.New("no item")
	}
	return nil
}

// What is kept over all messages is no message: the task is woken up by them.
func (c *counter) count() {
	sold := map[string]int{}
	for line := range c.lines {
		add(sold, line)
		if line == "evening" {
			go c.svc.Report(sold)
		}
	}
}

func add(sold map[string]int, line string) { sold[line]++ }

// An order that is made and filled once.
func (c *counter) standing() {
	o := &shop.Order{}
	if fill(o, map[string]string{"item": <-c.lines}) != nil {
		return
	}
	for range c.lines {
		go c.svc.Process(o)
	}
}
