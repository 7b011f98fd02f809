package harness

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"

	"github.com/concurlint/concurlint/advisor/run"
)

// A Process is a harness at work.
type Process struct {
	cmd    *exec.Cmd
	orders *os.File
	mu     sync.Mutex
	events *os.File
}

// Start starts the harness. It reads our standard input and writes our standard
// output by itself; what the function prints goes to stderr.
func (h *Harness) Start(c *run.Config, stderr io.Writer) (*Process, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	theirs, orders, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	events, theirEvents, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(h.Path)
	cmd.Stdout, cmd.Stderr = stderr, stderr
	inherit(cmd, map[string]*os.File{run.EnvControl: theirs, run.EnvEvents: theirEvents, run.EnvInputs: os.Stdin, run.EnvResults: os.Stdout})
	err = cmd.Start()
	theirs.Close()
	theirEvents.Close()
	if err != nil {
		orders.Close()
		events.Close()
		return nil, fmt.Errorf("cannot start the harness: %v", err)
	}
	p := &Process{cmd: cmd, orders: orders, events: events}
	go p.order(string(text)) // arguments may be more than a pipe holds
	return p, nil
}

func (p *Process) order(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintln(p.orders, line)
}

// Drain tells the harness to read no more inputs. It does not wait for one that
// has not even read its configuration.
func (p *Process) Drain() { go p.order(run.Drain) }

// Quit ends the harness at once.
func (p *Process) Quit() { p.cmd.Process.Kill() }

// Events calls handle for each event until the harness ends, and returns how it
// ended.
func (p *Process) Events(handle func(run.Event, []byte)) error {
	r := bufio.NewReader(p.events)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			break
		}
		var ev run.Event
		if json.Unmarshal(line, &ev) == nil {
			handle(ev, line)
		}
	}
	err := p.cmd.Wait()
	p.orders.Close()
	p.events.Close()
	return err
}
