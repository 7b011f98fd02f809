package run

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

// The command hands four descriptors to its harness, whose numbers stand in
// these environment variables. The first carries the Config, a line of JSON,
// and then orders, a line each; its end means that the command is gone. The
// second carries events back. The others have the inputs and take the results:
// standard input and output will not do, since the packages of the user's
// function, C code among them, may read and print from their first moment on.
const (
	EnvControl = "CONCURLINT_RUN_CONTROL"
	EnvEvents  = "CONCURLINT_RUN_EVENTS"
	EnvInputs  = "CONCURLINT_RUN_INPUTS"
	EnvResults = "CONCURLINT_RUN_RESULTS"
)

// Orders.
const (
	Drain = "drain" // read no more inputs, finish those that run
	Quit  = "quit"  // end at once
)

type control struct {
	config          Config
	orders          chan string // closed when the command is gone
	interrupts      chan os.Signal
	events          *events
	inputs, results *os.File
}

func connect() (*control, error) {
	var files []*os.File
	for _, env := range []string{EnvControl, EnvEvents, EnvInputs, EnvResults} {
		f, err := inherited(env)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	c := &control{orders: make(chan string, 1), interrupts: make(chan os.Signal, 1), events: newEvents(files[1]), inputs: files[2], results: files[3]}
	signal.Notify(c.interrupts, os.Interrupt, syscall.SIGTERM)
	r := bufio.NewReader(files[0])
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

// catchTerm lets SIGTERM pass by: the command says what is to be done about it,
// and a worker process ends with its pipe. Some senders, such as systemd, reach
// every process of a service.
func catchTerm() { signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM) }

// inheritedName is the name of a file that has one only for us.
const inheritedName = "inherited"

func inherited(env string) (*os.File, error) {
	fd, err := strconv.ParseUint(os.Getenv(env), 10, 64)
	if err != nil {
		return nil, errors.New("this is the harness of a concurlint run; it is started by that command alone")
	}
	os.Unsetenv(env)
	closeOnExec(uintptr(fd))
	return os.NewFile(uintptr(fd), inheritedName), nil
}
