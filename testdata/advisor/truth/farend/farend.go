// Package farend starts the other side of a program: a server in a process of
// its own, so that what it computes and waits for is not the program's.
package farend

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// env names the far end that this process has to be.
const env = "TRUTH_FAREND"

var kinds = map[string]func(time.Duration) (string, error){
	"tcp":        tcp,
	"capped":     capped,
	"retrograde": retrograde,
	"http":       plain,
	"http2":      encrypted,
	"dns":        names,
	"clients":    clients,
}

var lifelines []io.Closer

// Start starts a far end and returns its address. A delay is what one request
// takes. It ends when the program does.
func Start(kind string, delay time.Duration) (string, error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), env+"="+kind+" "+delay.String())
	cmd.Stderr = os.Stderr
	// The far end reads its input until that ends, which is when this process
	// does: the pipe must not be collected before.
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	lifelines = append(lifelines, in)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("far end %s: %w", kind, err)
	}
	return strings.TrimSpace(line), nil
}

// Serve is for the beginning of main: in a process that Start started, it serves
// and does not return.
func Serve() {
	kind, delay, found := strings.Cut(os.Getenv(env), " ")
	if !found {
		return
	}
	d, err := time.ParseDuration(delay)
	if err == nil {
		var address string
		if address, err = kinds[kind](d); err == nil {
			fmt.Println(address)
			io.Copy(io.Discard, os.Stdin)
			os.Exit(0)
		}
	}
	fmt.Fprintf(os.Stderr, "far end %s: %v\n", kind, err)
	os.Exit(1)
}
