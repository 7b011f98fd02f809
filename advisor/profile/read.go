package profile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// An Input is a recording to be read.
type Input struct {
	Name string // file name or address, for messages; "-" is standard input
	// Open begins to read it. It is nil for the file called Name.
	Open func() (io.ReadCloser, error)
}

// Options are how recordings are read. The zero value is ready for use.
type Options struct {
	// Progress, if not nil, is called now and then with the name of the input
	// and the number of bytes read of it.
	Progress func(name string, read int64)
	// Stdin is what the input "-" reads; nil means os.Stdin.
	Stdin io.Reader
}

// Read reads recordings of any format, compressed or not. Those of one format
// are added up into one Source. What cannot be used is a line in the Notes of
// the evidence; only if nothing can be used, or ctx ends, is there an error.
func Read(ctx context.Context, inputs []Input, opts Options) (*Evidence, error) {
	b := NewBuilder()
	ev := &Evidence{}
	sum := merger{ev, map[Format]*StackSet{}}
	var refused []error
	for _, in := range inputs {
		src, err := readInput(ctx, in, b, opts)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			refused = append(refused, fmt.Errorf("%s: %w", in.Name, err))
			continue
		}
		src.Names = []string{in.Name}
		sum.add(src)
	}
	if len(ev.Sources) == 0 {
		if refused == nil {
			refused = []error{errors.New("no recording was given: name a profile or trace")}
		}
		return nil, errors.Join(refused...)
	}
	for _, err := range refused {
		ev.Notes = append(ev.Notes, "not used: "+err.Error())
	}
	ev.Frames = b.Frames()
	return ev, nil
}

// readInput opens an input and reads it as what its first bytes say it is.
func readInput(ctx context.Context, in Input, b *Builder, opts Options) (*Source, error) {
	open := in.Open
	if open == nil {
		open = func() (io.ReadCloser, error) { return openFile(in.Name, opts) }
	}
	file, err := open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r := bufio.NewReaderSize(&watched{ctx: ctx, r: file, name: in.Name, progress: opts.Progress}, 1<<16)
	head, err := r.Peek(len(gzipMagic))
	if len(head) == 0 && err != io.EOF {
		return nil, err
	}
	// A server or a job that compresses what it hands on does so again.
	for range mostWrapped {
		if head, _ := r.Peek(len(gzipMagic)); string(head) != gzipMagic {
			break
		}
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("damaged gzip header (%w): record it again", err)
		}
		r = bufio.NewReaderSize(z, 1<<16)
	}
	return readPlain(ctx, r, in.Name, b, opts)
}

const (
	gzipMagic = "\x1f\x8b"
	// mostWrapped is how often a recording may have been compressed.
	mostWrapped = 3
)

func openFile(name string, opts Options) (io.ReadCloser, error) {
	if name == "-" {
		if opts.Stdin != nil {
			return io.NopCloser(opts.Stdin), nil
		}
		return io.NopCloser(os.Stdin), nil
	}
	f, err := os.Open(name)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err // the name stands in front of the line anyway
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			err = fmt.Errorf("%w: check the path", err)
		case errors.Is(err, fs.ErrPermission):
			err = fmt.Errorf("%w: let yourself read it, as with chmod", err)
		}
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, errors.New("a directory: name the profiles in it")
	}
	return f, nil
}

// sniffed is how many bytes are looked at to tell the format.
const sniffed = 4096

// readPlain reads an uncompressed recording.
func readPlain(ctx context.Context, r *bufio.Reader, name string, b *Builder, opts Options) (*Source, error) {
	head, err := r.Peek(sniffed)
	if len(head) == 0 {
		if err == io.EOF {
			return nil, errors.New("empty: the recording was not finished, or nothing was written")
		}
		return nil, unfinished(err)
	}
	if isTrace(head) {
		return readTrace(ctx, r, name, b, opts)
	}
	text := isDump(head)
	if err := foreign(head); err != nil && !text {
		return nil, err
	}
	data, err := readAll(r)
	switch {
	case text && len(data) > 0: // each goroutine stands by itself
		src := readDump(data, b)
		if err != nil {
			src.note("read as far as it goes: " + err.Error())
		}
		return src, nil
	case err != nil: // a profile's names stand at its end: it is of no use before
		return nil, err
	}
	return readPprof(data, b)
}

// isTrace says whether head begins like "go 1.22 trace".
func isTrace(head []byte) bool {
	line := head[:min(len(head), 16)]
	return bytes.HasPrefix(line, []byte("go 1.")) && bytes.Contains(line, []byte(" trace\x00"))
}

// maxProfile bounds what is unpacked into memory. The largest profiles are two
// orders below; a small file that unpacks to more is damaged or hostile.
const maxProfile = 1 << 30

func readAll(r io.Reader) ([]byte, error) {
	// Growing in steps of an eighth wastes less than doubling: the bytes of a
	// large profile are a good part of what reading it takes.
	data := make([]byte, 0, 1<<16)
	for {
		if len(data) == cap(data) {
			grown := make([]byte, len(data), len(data)+max(1<<20, len(data)/8))
			copy(grown, data)
			data = grown
		}
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case err == io.EOF:
			return data, nil
		case err != nil:
			return data, unfinished(err)
		case len(data) > maxProfile:
			return nil, fmt.Errorf("more than %d MiB of profile: record a shorter one", maxProfile>>20)
		}
	}
}

// unfinished words the errors of decompression.
func unfinished(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("cut short: the names stand at the end of a profile, so nothing can be used; record it again and let it finish")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), strings.HasPrefix(err.Error(), "flate:"):
		return fmt.Errorf("damaged (%w): record or copy it again", err)
	}
	return err
}

// watched reads until its context ends and reports how far it is.
type watched struct {
	ctx      context.Context
	r        io.Reader
	name     string
	progress func(string, int64)
	read     int64
}

func (w *watched) Read(p []byte) (int, error) {
	if w.ctx.Err() != nil {
		return 0, context.Cause(w.ctx)
	}
	n, err := w.r.Read(p)
	w.read += int64(n)
	if w.progress != nil && n > 0 {
		w.progress(w.name, w.read)
	}
	return n, err
}
