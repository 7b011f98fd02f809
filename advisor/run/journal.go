package run

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A Journal is an append-only file of finished inputs. It begins with a line
// that names the format; frames follow:
//
//	length   4 bytes, little endian, of the payload
//	check    4 bytes, CRC-32C of the payload
//	payload  'h' and a Header as JSON, or 'r' and a Record
//
// Records are written in groups: what came while the last group was on its way
// to the disk, and for at most groupDelay. A group shares one fsync, after
// which settled is called with its inputs.
//
// A torn frame at the end, of a run that was killed, is cut when the journal is
// opened again. With damage anywhere else it is not opened, unless it is to be
// salvaged.
type Journal struct {
	Cut     int64 // bytes of a torn frame that were cut
	Damaged int64 // bytes that were left out to salvage the rest

	f       *os.File
	settled func([]uint64) error
	failed  func(error)

	most int // records that make a group without waiting for more

	mu      sync.Mutex
	buf     []byte
	indices []uint64
	closing bool
	first   chan struct{} // a group has begun
	full    chan struct{} // it need not wait for more
	ended   chan struct{}
	size    int64 // durable bytes
	err     error
}

// A Header says what the records belong to.
type Header struct {
	Stages   []string `json:"stages"`
	Function string   `json:"function"` // hash of the stages and all they call
	Coding   string   `json:"coding"`   // of inputs and results
}

const (
	groupDelay = 10 * time.Millisecond
	groupBytes = 1 << 20
)

// openFile opens the journal for this run alone.
func openFile(path string) (*os.File, error) {
	// A run that was just killed may need a moment to go.
	for deadline := time.Now().Add(orphaned + 2*time.Second); ; time.Sleep(50 * time.Millisecond) {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		if err = lock(f); err == nil && stands(f, path) {
			return f, nil
		}
		f.Close()
		if err != nil && !errors.Is(err, errLocked) || time.Now().After(deadline) {
			return nil, cmp.Or(err, errLocked)
		}
	}
}

// stands reports whether f is still what the path names: the run that had it may
// have put a copy in its place.
func stands(f *os.File, path string) bool {
	ours, err := f.Stat()
	named, err2 := os.Stat(path)
	return err == nil && err2 == nil && os.SameFile(ours, named)
}

var errLocked = errors.New("in use by another run")

// begin makes a journal of the file.
func (j *Journal) begin(header *Header) error {
	if err := j.f.Truncate(0); err != nil {
		return err
	}
	if err := j.commit([]byte(magic)); err != nil {
		return err
	}
	if err := j.append(header); err != nil {
		return err
	}
	syncDir(filepath.Dir(j.f.Name()))
	return nil
}

// append makes a header durable, for the records that follow.
func (j *Journal) append(header *Header) error {
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	return j.commit(appendFrame(nil, 'h', func(b []byte) []byte { return append(b, text...) }))
}

// start takes records in.
func (j *Journal) start() {
	j.first, j.full = make(chan struct{}, 1), make(chan struct{}, 1)
	j.ended = make(chan struct{})
	go j.committing()
}

// Append takes a record in; it will be durable soon.
func (j *Journal) Append(rec Record) {
	j.mu.Lock()
	j.buf = appendFrame(j.buf, 'r', rec.append)
	j.indices = append(j.indices, rec.Index)
	begun, full := len(j.indices) == 1, len(j.indices) == j.most || len(j.buf) >= groupBytes
	j.mu.Unlock()
	if begun {
		nudge(j.first)
	}
	if full {
		nudge(j.full)
	}
}

// nudge wakes who waits for c, now or next.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// committing makes groups durable, one after the other.
func (j *Journal) committing() {
	defer close(j.ended)
	var buf []byte
	var indices []uint64
	delay := time.NewTimer(0)
	for {
		<-j.first
		delay.Reset(groupDelay)
		select {
		case <-j.full:
		case <-delay.C:
		}
		j.mu.Lock()
		buf, j.buf = j.buf, buf[:0]
		indices, j.indices = j.indices, indices[:0]
		closing := j.closing
		j.mu.Unlock()
		if len(indices) == 0 && closing {
			return
		}
		if len(indices) == 0 {
			continue // its records went with the group before
		}
		if err := j.commit(buf); err != nil {
			j.err = err
			j.failed(err)
			return
		}
		if err := j.settled(indices); err != nil {
			j.failed(err) // of the output; the journal goes on
		}
		if closing {
			nudge(j.first)
			nudge(j.full)
		}
	}
}

func (j *Journal) commit(group []byte) error {
	_, err := j.f.WriteAt(group, j.size)
	if err == nil {
		err = fsync(j.f)
	}
	if err != nil {
		j.f.Truncate(j.size) // what is torn is of no use, and its place may be
		return fmt.Errorf("writing the journal: %w", plainError(err))
	}
	j.size += int64(len(group))
	return nil
}

// Close makes all records durable and gives the file up.
func (j *Journal) Close() error {
	j.mu.Lock()
	j.closing = true
	j.mu.Unlock()
	nudge(j.first)
	nudge(j.full)
	<-j.ended
	if err := j.f.Close(); j.err == nil {
		return err
	}
	return j.err
}

func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
}
