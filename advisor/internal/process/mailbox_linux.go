package process

import (
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// A slot is memory of two processes, through which one of them gives frames to
// the other. The reader says when it watches; only then may the writer fill it.
// No other step needs both, so that either may be killed at any point: a reader
// that stops watching knows, by its own change of state, whether the writer was
// faster.
type slot struct {
	state atomic.Uint32
	piped atomic.Uint32 // frames that the writer wrote to the pipe
	size  uint32
	_     [52]byte // the data begins a cache line
	data  [slotBytes]byte
}

const (
	slotBytes = 8<<10 - 64
	slotSize  = int(unsafe.Sizeof(slot{}))
)

const (
	slotUnwatched = iota // frames go through the pipe
	slotWatched
	slotFull
)

// A mailbox spares lonely tasks the pipes. A frame through a pipe costs a system
// call at either end, and the reader, which sleeps, has to be woken: most of a
// round trip. A reader that awaits a frame in the mailbox stays awake for a
// moment, and has it from memory. Whether that pays is for luck to say.
//
// The pipes stay the way for everything else: long frames, tasks that are not
// alone, what comes late, and the end. Frames keep their order because one goes
// into a slot only if the other side has read all those before it: a lonely task
// when every earlier one has its outcome, and its outcome when nothing else was
// said of it.
type mailbox struct {
	in, out *slot
}

// newMailbox returns the parent's view of a mailbox and the file to hand to the
// worker; nil if there is no memory to share.
func newMailbox() (*mailbox, *os.File) {
	f, err := os.CreateTemp("/dev/shm", "concurlint-*")
	if err != nil {
		return nil, nil
	}
	os.Remove(f.Name())
	// Written, not truncated: a full file system fails here, and not with a
	// signal at the first use.
	if _, err = f.Write(make([]byte, 2*slotSize)); err == nil {
		if m := mapMailbox(f); m != nil {
			m.in, m.out = m.out, m.in
			return m, f
		}
	}
	f.Close()
	return nil, nil
}

// mapMailbox returns the worker's view. The memory lives as long as the result.
func mapMailbox(f *os.File) *mailbox {
	mem, err := syscall.Mmap(int(f.Fd()), 0, 2*slotSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil
	}
	m := &mailbox{in: (*slot)(unsafe.Pointer(&mem[0])), out: (*slot)(unsafe.Pointer(&mem[slotSize]))}
	runtime.AddCleanup(m, func(mem []byte) { syscall.Munmap(mem) }, mem)
	return m
}

// workerMailbox is the worker's end of what the parent's newMailbox made.
func workerMailbox() *mailbox {
	f := os.NewFile(fdMailbox, "mailbox")
	defer f.Close()
	return mapMailbox(f)
}

// put gives a frame to the other side if it watches. It has to have read all
// frames before.
func (m *mailbox) put(frame []byte) bool {
	if m == nil || len(frame) > slotBytes || m.out.state.Load() != slotWatched {
		return false
	}
	m.out.size = uint32(copy(m.out.data[:], frame))
	done := m.out.state.CompareAndSwap(slotWatched, slotFull)
	runtime.KeepAlive(m)
	return done
}

// piped has the other side look into its pipe, where a frame was written.
func (m *mailbox) piped() {
	if m == nil {
		return
	}
	m.out.piped.Add(1)
	runtime.KeepAlive(m)
}

// await watches for the next frame, which it hands to f, for watchTime at most,
// or until there is one in the pipe. It reports whether there was either. A
// read of the pipe follows, which blocks if there was nothing.
func (m *mailbox) await(f *frameReader) (found bool) {
	if m == nil || !f.drained() {
		return true
	}
	in := m.in
	in.state.Store(slotWatched)
	for start := time.Now(); ; {
		if in.state.Load() == slotFull || int32(in.piped.Load()-f.piped) > 0 {
			found = true
			break
		}
		if time.Since(start) > watchTime {
			break
		}
		// The other side may be waiting for this very processor. (The kernel
		// likes to have both ends of a pipe on one.)
		syscall.Syscall(syscall.SYS_SCHED_YIELD, 0, 0, 0)
	}
	if !in.state.CompareAndSwap(slotWatched, slotUnwatched) {
		f.hand(in.data[:min(in.size, slotBytes)])
		in.state.Store(slotUnwatched)
	}
	runtime.KeepAlive(m)
	return found
}
