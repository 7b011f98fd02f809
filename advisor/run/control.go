package run

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// The command talks to its harness over two pipes whose descriptors stand in
// these environment variables. The first carries the Config, a line of JSON,
// and then orders, a line each; its end means that the command is gone. The
// second carries events back.
const (
	EnvControl = "CONCURLINT_RUN_CONTROL"
	EnvEvents  = "CONCURLINT_RUN_EVENTS"
)

// Orders.
const (
	Drain = "drain" // read no more inputs, finish those that run
	Quit  = "quit"  // end at once
)

type control struct {
	config Config
	orders chan string // closed when the command is gone
	events *events
}

func connect() (*control, error) {
	in, err := inherited(EnvControl)
	if err != nil {
		return nil, err
	}
	out, err := inherited(EnvEvents)
	if err != nil {
		return nil, err
	}
	c := &control{orders: make(chan string, 1), events: newEvents(out)}
	r := bufio.NewReader(in)
	line, err := r.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("no configuration: %w", err)
	}
	if err := json.Unmarshal(line, &c.config); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	go func() {
		defer close(c.orders)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			c.orders <- line[:len(line)-1]
		}
	}()
	return c, nil
}

func inherited(name string) (*os.File, error) {
	fd, err := strconv.ParseUint(os.Getenv(name), 10, 64)
	if err != nil {
		return nil, errors.New("this is the harness of a concurlint run; it is started by that command alone")
	}
	os.Unsetenv(name)
	closeOnExec(uintptr(fd))
	return os.NewFile(uintptr(fd), name), nil
}
