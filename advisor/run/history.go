package run

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// A History is what a journal has from earlier runs. It keeps eight bytes for
// each input, and reads results as they are asked for.
type History struct {
	Header     *Header // the last; nil: none was written
	Finished   uint64  // inputs with a record
	Failed     uint64  // of these
	Superseded uint64  // records that a later one of the same input replaces
	Damage     Damage  // before the last whole frame
	whole      int64   // where that ends; 0: it is no journal
	f          io.ReaderAt
	offsets    []int64 // of the records, by input; 0: none
	block      []byte  // read ahead: records are asked for in about the order they stand in
	blockAt    int64
}

// Damage is what of a journal cannot be read, although what follows can.
type Damage struct {
	At     int64  // where it begins
	Bytes  int64  // 0: none
	Places int    // that are damaged
	Behind uint64 // whole records behind the first
	spans  [][2]int64
}

// ReadHistory reads a journal. What follows the last whole frame is left out.
func ReadHistory(f *os.File) (*History, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	h := &History{f: f}
	failed := make(map[uint64]bool)
	s := &scanner{f: f, size: info.Size(), damaged: h.Damage.add}
	s.frame = func(at int64, payload []byte) error { return h.add(at, payload, failed) }
	h.whole, err = s.scan()
	h.Failed = uint64(len(failed))
	return h, err
}

func (d *Damage) add(from, to int64) {
	if d.Bytes == 0 {
		d.At = from
	}
	d.Bytes += to - from
	d.Places++
	d.spans = append(d.spans, [2]int64{from, to})
}

// mostAhead is how far a record may run ahead of all before it: more than any
// window. It bounds what a broken index can make us allocate.
const mostAhead = 1 << 23

func (h *History) add(at int64, payload []byte, failed map[uint64]bool) error {
	if payload[0] == 'h' {
		h.Header = new(Header)
		return json.Unmarshal(payload[1:], h.Header)
	}
	if h.Header == nil && h.Damage.Bytes > 0 {
		return fmt.Errorf("it is damaged at byte %d, where it says what its results belong to; begin a new file", h.Damage.At)
	}
	if h.Damage.Bytes > 0 {
		h.Damage.Behind++
	}
	rec, err := parseRecord(payload[1:])
	if err != nil || rec.Index > uint64(len(h.offsets)+mostAhead) || h.Header == nil {
		return fmt.Errorf("it is not a journal of this version of concurlint, at byte %d", at)
	}
	if n := int(rec.Index) + 1; n > len(h.offsets) {
		h.offsets = slices.Grow(h.offsets, n-len(h.offsets))[:n]
	}
	if h.offsets[rec.Index] == 0 {
		h.Finished++
	} else {
		h.Superseded++
	}
	h.offsets[rec.Index] = at
	if rec.Failed {
		failed[rec.Index] = true
	} else {
		delete(failed, rec.Index)
	}
	return nil
}

// ReadHeader reads the header of a journal, nil where there is none.
func ReadHeader(path string) (*Header, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, err := ReadHistory(f)
	return h.Header, err
}

// Record returns what the journal has of an input. Output is the caller's own.
func (h *History) Record(index uint64) (Record, bool, error) {
	if index >= uint64(len(h.offsets)) || h.offsets[index] == 0 {
		return Record{}, false, nil
	}
	at := h.offsets[index]
	head, err := h.bytes(at, frameHead)
	if err != nil {
		return Record{}, false, err
	}
	n := int(uint32(head[0]) | uint32(head[1])<<8 | uint32(head[2])<<16 | uint32(head[3])<<24)
	payload, err := h.bytes(at+frameHead, n)
	if err != nil {
		return Record{}, false, err
	}
	rec, err := parseRecord(payload[1:])
	rec.Output = slices.Clone(rec.Output)
	return rec, err == nil, err
}

// bytes returns n bytes at an offset; they are valid until the next call.
func (h *History) bytes(at int64, n int) ([]byte, error) {
	from := at - h.blockAt
	if from < 0 || from+int64(n) > int64(len(h.block)) {
		size := min(max(int64(n), blockSize), h.whole-at)
		if int64(cap(h.block)) < size {
			h.block = make([]byte, size)
		}
		h.block, h.blockAt, from = h.block[:size], at, 0
		if _, err := h.f.ReadAt(h.block, at); err != nil {
			return nil, fmt.Errorf("reading the journal: %w", err)
		}
	}
	return h.block[from : from+int64(n)], nil
}

// Beyond is how many inputs from number n on have a record.
func (h *History) Beyond(n uint64) uint64 {
	count := uint64(0)
	for i := n; i < uint64(len(h.offsets)); i++ {
		if h.offsets[i] != 0 {
			count++
		}
	}
	return count
}

// openJournal opens the journal that the configuration names, if any.
func (r *runner) openJournal() error {
	c := &r.config
	if c.Journal == "" {
		return nil
	}
	f, err := openFile(c.Journal)
	if err == nil {
		err = r.continueJournal(f)
		if err != nil {
			f.Close()
		}
	}
	if err != nil {
		return fmt.Errorf("journal %s: %w", c.Journal, plainError(err))
	}
	return nil
}

// plainError drops the path, which is told anyway.
func plainError(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// continueJournal begins a journal in an empty file, or goes on with the one
// that is there.
func (r *runner) continueJournal(f *os.File) error {
	c := &r.config
	h, err := ReadHistory(f)
	if err != nil {
		return err
	}
	j := &Journal{f: f, most: max(1, c.Window/2), failed: r.stop, settled: func(list []uint64) error { return r.window.settle(list) }}
	header := &Header{Stages: c.Stages, Function: c.Function, Coding: codingText(c)}
	if h.Header == nil {
		if info, err := f.Stat(); err != nil || h.whole == 0 && info.Size() > 0 && !tornStart(f) {
			return cmp.Or(err, errors.New("it is not a journal"))
		}
		if err := j.begin(header); err != nil {
			return err
		}
		r.journal = j
		j.start()
		return nil
	}
	if err := h.fits(c, header); err != nil {
		return err
	}
	if j.Damaged = h.Damage.Bytes; j.Damaged > 0 {
		if h, err = j.salvage(h); err != nil {
			return err
		}
	}
	if j.Cut, err = cutTail(j.f, h.whole); err != nil {
		return err
	}
	j.size = h.whole
	if h.Header.Function != header.Function {
		if err := j.append(header); err != nil { // what comes is the new function's
			return err
		}
	}
	r.journal, r.history = j, h
	j.start()
	return nil
}

// cutTail drops what a killed run left behind the last whole frame.
func cutTail(f *os.File, whole int64) (cut int64, err error) {
	info, err := f.Stat()
	if err != nil || info.Size() == whole {
		return 0, err
	}
	return info.Size() - whole, f.Truncate(whole)
}

// salvage puts a copy without the damage in the journal's place. The inputs whose
// records are lost have none, and so they run again.
func (j *Journal) salvage(h *History) (*History, error) {
	path := j.f.Name()
	to, err := os.OpenFile(path+".salvage", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return nil, err
	}
	from := int64(0)
	for _, gap := range append(h.Damage.spans, [2]int64{h.whole, 0}) {
		if err == nil {
			_, err = io.Copy(to, io.NewSectionReader(j.f, from, gap[0]-from))
		}
		from = gap[1]
	}
	if err = cmp.Or(err, lock(to)); err == nil {
		err = fsync(to)
	}
	if err == nil {
		err = os.Rename(to.Name(), path)
	}
	if err != nil {
		os.Remove(to.Name())
		to.Close()
		return nil, fmt.Errorf("writing a copy without the damage: %w", err)
	}
	syncDir(filepath.Dir(path))
	j.f.Close()
	j.f = to
	return ReadHistory(to)
}

// tornStart reports whether the file is the beginning of a first line.
func tornStart(f io.ReaderAt) bool {
	b := make([]byte, len(magic))
	n, _ := f.ReadAt(b, 0)
	return string(b[:n]) == magic[:n]
}

// fits reports why the journal's results cannot be those of this run.
func (h *History) fits(c *Config, want *Header) error {
	switch {
	case !c.Resume && !c.ResumeFailed:
		return fmt.Errorf("it has %s already; -resume goes on with it, and without it a new file is needed", Count(h.Finished, "result"))
	case h.Damage.Bytes > 0 && !c.Salvage:
		return fmt.Errorf("it is damaged at byte %d (%s in %s), not only at its end: %s and, behind the damage, %s are whole; -salvage keeps those and runs the other inputs again",
			h.Damage.At, Count(h.Damage.Bytes, "byte"), Count(h.Damage.Places, "place"), Count(h.Finished+h.Superseded-h.Damage.Behind, "record"), Count(h.Damage.Behind, "record"))
	case !slices.Equal(h.Header.Stages, want.Stages):
		return fmt.Errorf("it belongs to a run of %v", h.Header.Stages)
	case h.Header.Coding != want.Coding:
		return fmt.Errorf("it belongs to a run with %s", h.Header.Coding)
	case h.Header.Function != want.Function && !c.Force:
		return fmt.Errorf("the function has changed since; -force takes the %s all the same", Count(h.Finished, "old result"))
	}
	return nil
}

// codingText is what of the options decides what inputs and results look like.
func codingText(c *Config) string {
	text := "-in " + c.Coding.In
	if c.Coding.Files {
		text = "-in files"
	}
	text += " -out " + c.Coding.Out
	if c.Null {
		text += " -0"
	}
	if len(c.Coding.Header) > 0 {
		text += fmt.Sprintf(", header %q", c.Coding.Header)
	}
	return text
}
