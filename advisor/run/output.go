package run

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"
)

// An output writes results, and what failed, in batches: a batch is written
// when it is large, and after flushEvery at the latest.
type output struct {
	mu       sync.Mutex
	results  *bufio.Writer
	failures *bufio.Writer // nil: none wanted
	end      byte
	json     bool
	tag      bool // the input stands before its result
	hasOut   bool
	files    *outDir  // nil: results go to standard output
	targets  *targets // nil: all files are written
	written  uint64   // results that were handed on
	stop     chan struct{}
	err      error
	failed   func(Failure) // told of each
}

const (
	outputSize = 64 << 10
	flushEvery = 100 * time.Millisecond
)

// A Failure is an input without a result, as -failures has it.
type Failure struct {
	Line  int64  `json:"line"` // of the input, from 1
	Error string `json:"error"`
	Stack string `json:"stack,omitempty"` // where it panicked
	Input string `json:"input"`
	Bytes []byte `json:"input_base64,omitempty"` // the input, if it is not UTF-8; Input is then a likeness
}

func newOutput(results io.Writer, failures *os.File, c Config, hasOut bool, failed func(Failure)) *output {
	o := &output{results: bufio.NewWriterSize(results, outputSize), end: '\n', json: c.Coding.Out == JSON, tag: c.Tag, hasOut: hasOut, failed: failed, stop: make(chan struct{})}
	if c.Null {
		o.end = 0
	}
	if failures != nil {
		o.failures = bufio.NewWriterSize(failures, outputSize)
	}
	return o
}

// write writes one settled slot.
func (o *output) write(s *slot) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	if s.failed != nil {
		o.err = o.failure(s)
		return o.err
	}
	if !o.hasOut {
		return nil
	}
	if o.tag {
		o.err = o.writeTag(s.raw)
	}
	out := s.out
	if o.files != nil {
		if out, o.err = o.file(s); o.err != nil {
			return o.err
		}
	}
	o.results.Write(out) // a buffered writer keeps its error
	if o.tag && o.json {
		o.results.WriteByte('}')
	}
	if err := o.results.WriteByte(o.end); err != nil {
		o.err = o.outputError(err)
	}
	o.written++
	return o.err
}

// file puts a result into its file and returns what standard output has of it.
func (o *output) file(s *slot) ([]byte, error) {
	var path string
	var err error
	if o.targets != nil {
		path, err = o.targets.write(s.index, s.raw, s.out)
	} else {
		path, err = o.files.write(s.raw, s.out)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("writing the results, of which %d were written: %w", o.written, err)
	case o.json:
		return json.Marshal(path)
	}
	return []byte(path), nil
}

func (o *output) writeTag(raw []byte) error {
	if !o.json {
		o.results.Write(raw)
		return o.results.WriteByte('\t')
	}
	var tag struct {
		Input string `json:"input"`
		Bytes []byte `json:"input_base64,omitempty"`
	}
	tag.Input, tag.Bytes = inJSON(raw)
	text, err := json.Marshal(tag)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.results, `%s,"output":`, text[:len(text)-1])
	return err
}

func (o *output) failure(s *slot) error {
	f := Failure{Line: s.line}
	f.Input, f.Bytes = inJSON(s.raw)
	f.Error, f.Stack, _ = strings.Cut(s.failed.Error(), stackMark)
	o.failed(f)
	if o.failures == nil {
		return nil
	}
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	o.failures.Write(text)
	if err := o.failures.WriteByte('\n'); err != nil {
		return fmt.Errorf("writing the failures: %w", err)
	}
	return nil
}

// inJSON is an input as JSON can have it: as a string or, if it is not UTF-8,
// with U+FFFD for what is wrong and the bytes beside it. Escapes inside the
// string would look like those of an input that has them itself.
func inJSON(raw []byte) (text string, exact []byte) {
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	return strings.ToValidUTF8(string(raw), "\ufffd"), raw
}

// flush writes what is buffered.
func (o *output) flush() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	if err := o.results.Flush(); err != nil {
		o.err = o.outputError(err)
	} else if o.failures != nil {
		if err := o.failures.Flush(); err != nil {
			o.err = fmt.Errorf("writing the failures: %w", err)
		}
	}
	return o.err
}

// outputError says where the results stopped.
func (o *output) outputError(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return fmt.Errorf("nobody reads the results any more: standard output was closed after %d of them at most", o.written)
	}
	return fmt.Errorf("writing the results, of which %d at most were written: %w", o.written, plainPath(err))
}

// plainPath drops the name of a file that has it only for us.
func plainPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) && p.Path == inheritedName {
		return p.Err
	}
	return err
}

// flushing flushes from time to time until close is called; failed is told the
// first error.
func (o *output) flushing(failed func(error)) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-o.stop:
			return
		case <-tick.C:
			if err := o.flush(); err != nil {
				failed(err)
				return
			}
		}
	}
}

// abandon ends all writing: there is nobody who wants it, and perhaps another
// run has the file already.
func (o *output) abandon(why error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = why
	}
}

func (o *output) close() error {
	close(o.stop)
	return o.flush()
}
