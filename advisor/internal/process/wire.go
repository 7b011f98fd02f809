package process

import (
	"context"
	"encoding/binary"
	"errors"
	"time"
)

// version changes with the meaning of any frame.
const version = 1

var errPayload = errors.New("malformed frame: payload does not parse")

// settings are the first frame to a worker.
type settings struct {
	Relief    time.Duration // a batch that lasts longer hands back what it has not begun; 0: never
	SoftLimit time.Duration // deadline of each handler's context; 0: none
	MaxFrame  int           // bytes
}

func (s settings) encode(buf []byte) []byte {
	buf = beginFrame(buf, kindSettings)
	buf = binary.AppendUvarint(buf, version)
	buf = binary.AppendUvarint(buf, uint64(s.Relief))
	buf = binary.AppendUvarint(buf, uint64(s.SoftLimit))
	buf = binary.AppendUvarint(buf, uint64(s.MaxFrame))
	return endFrame(buf, 0)
}

func decodeSettings(payload []byte) (settings, error) {
	c := cursor{rest: payload}
	v := c.uvarint()
	s := settings{
		Relief:    time.Duration(c.uvarint()),
		SoftLimit: time.Duration(c.uvarint()),
		MaxFrame:  int(c.uvarint()),
	}
	if c.bad {
		return s, errPayload
	}
	if v != version {
		return s, errors.New("worker and parent are different builds")
	}
	return s, nil
}

// appendTask appends one task without its body. previous is the Func of the
// task before it in the frame: equal names cost one byte.
func appendTask(buf []byte, t *Task, previous string) []byte {
	if t.Func == previous {
		buf = append(buf, 0)
	} else {
		buf = binary.AppendUvarint(buf, uint64(len(t.Func))+1)
		buf = append(buf, t.Func...)
	}
	return binary.AppendUvarint(buf, uint64(len(t.Body)))
}

// A call is a task as the worker sees it.
type call struct {
	name string
	body []byte
}

// decodeTasks appends the batch in payload to calls. last saves the allocation
// of a name that the previous batch used as well.
func decodeTasks(calls []call, payload []byte, last string) ([]call, error) {
	c := cursor{rest: payload}
	name := ""
	for n := c.uvarint(); n > 0 && !c.bad; n-- {
		if size := c.uvarint(); size > 0 {
			b := c.bytes(size - 1)
			if string(b) == last {
				name = last
			} else {
				name = string(b)
			}
		}
		calls = append(calls, call{name, c.bytes(c.uvarint())})
	}
	if c.bad || len(c.rest) > 0 {
		return calls, errPayload
	}
	return calls, nil
}

// usage is what a worker says about itself, now and then.
type usage struct {
	RSS int64         // bytes
	CPU time.Duration // since its start
}

// Frames of outcomes have a head of fixed size, so that it can be filled in
// last: count, usage, and for kindProgress how long the task runs already.
const headSize = 4 + 8 + 8 + 8

func beginOutcomes(buf []byte) []byte {
	var head [headSize]byte
	return append(beginFrame(buf, kindOutcomes), head[:]...)
}

func endOutcomes(buf []byte, kind byte, count int, u usage, running time.Duration) []byte {
	buf[headerSize] = kind
	head := buf[headerSize+1:]
	binary.LittleEndian.PutUint32(head, uint32(count))
	binary.LittleEndian.PutUint64(head[4:], uint64(u.RSS))
	binary.LittleEndian.PutUint64(head[12:], uint64(u.CPU))
	binary.LittleEndian.PutUint64(head[20:], uint64(running))
	return endFrame(buf, 0)
}

type outcomesHead struct {
	count   int
	usage   usage
	running time.Duration
}

func decodeHead(payload []byte) (outcomesHead, cursor, error) {
	if len(payload) < headSize {
		return outcomesHead{}, cursor{}, errPayload
	}
	return outcomesHead{
		count: int(binary.LittleEndian.Uint32(payload)),
		usage: usage{
			RSS: int64(binary.LittleEndian.Uint64(payload[4:])),
			CPU: time.Duration(binary.LittleEndian.Uint64(payload[12:])),
		},
		running: time.Duration(binary.LittleEndian.Uint64(payload[20:])),
	}, cursor{rest: payload[headSize:]}, nil
}

// Each outcome in a frame: status, nanoseconds, length, bytes.
const (
	statusValue = iota
	statusError // flags, nanoseconds of RetryAfter, text
	statusPanic // length of the value, value, stack
)

const (
	flagDeadline = 1 << iota
	flagCanceled
)

func appendValue(buf []byte, elapsed time.Duration, body []byte) []byte {
	return appendOutcome(buf, statusValue, elapsed, body)
}

func appendOutcome(buf []byte, status byte, elapsed time.Duration, body []byte) []byte {
	buf = append(buf, status)
	buf = binary.AppendUvarint(buf, uint64(elapsed))
	buf = binary.AppendUvarint(buf, uint64(len(body)))
	return append(buf, body...)
}

func appendError(buf []byte, elapsed time.Duration, err error) []byte {
	var body []byte
	switch e := err.(type) {
	case *PanicError:
		value, stack := cut(e.Value, longestText), cut(string(e.Stack), longestText)
		body = binary.AppendUvarint(body, uint64(len(value)))
		body = append(append(body, value...), stack...)
		return appendOutcome(buf, statusPanic, elapsed, body)
	case *TaskError:
		var flags byte
		if e.Deadline {
			flags |= flagDeadline
		}
		if e.Canceled {
			flags |= flagCanceled
		}
		body = binary.AppendUvarint(append(body, flags), uint64(e.Retry))
	default:
		body = append(body, 0, 0)
	}
	return appendOutcome(buf, statusError, elapsed, append(body, cut(err.Error(), longestText)...))
}

func cut(text string, most int) string { return text[:min(len(text), most)] }

// portable makes of a handler's error what crosses to the parent. It calls the
// error's methods, which may panic.
func portable(err error) *TaskError {
	t := &TaskError{
		Message:  err.Error(),
		Deadline: errors.Is(err, context.DeadlineExceeded),
		Canceled: errors.Is(err, context.Canceled),
	}
	if e, ok := errors.AsType[interface {
		error
		RetryAfter() time.Duration
	}](err); ok {
		t.Retry = max(0, e.RetryAfter())
	}
	return t
}

// decodeOutcome fills in everything but the ID and Deaths.
func decodeOutcome(c *cursor, o *Outcome) {
	status := c.byte()
	o.Elapsed = time.Duration(c.uvarint())
	body := c.bytes(c.uvarint())
	switch status {
	case statusValue:
		o.Body = body
	case statusError:
		inner := cursor{rest: body}
		flags, after := inner.byte(), inner.uvarint()
		c.bad = c.bad || inner.bad
		o.Err = &TaskError{
			Message:  string(inner.rest),
			Deadline: flags&flagDeadline != 0,
			Canceled: flags&flagCanceled != 0,
			Retry:    time.Duration(after),
		}
	case statusPanic:
		inner := cursor{rest: body}
		value := inner.bytes(inner.uvarint())
		c.bad = c.bad || inner.bad
		o.Err = &PanicError{Value: string(value), Stack: inner.rest}
	default:
		c.bad = true
	}
}
