package process

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// send writes a batch. Only this link's goroutine touches batches, but for the
// limit's timer, which reads.
func (l *link) send(b *batch) error {
	kind := byte(kindTasks)
	if b.watched {
		kind = kindLone
	}
	told := l.told // to watch
	l.told = b.watched
	l.buf = beginFrame(l.buf, kind)
	l.buf = binary.AppendUvarint(l.buf, uint64(len(b.entries)))
	previous := ""
	for i := range b.entries {
		t := &b.entries[i].Task
		l.buf = appendTask(l.buf, t, previous)
		previous = t.Func
		if len(b.entries) > 1 || len(t.Body) < directBytes {
			l.buf = append(l.buf, t.Body...)
			continue
		}
		// A long body is not copied.
		_, err := l.child.tasks.Write(endFrame(l.buf, len(t.Body)))
		l.child.mailbox.piped()
		if err == nil {
			_, err = l.child.tasks.Write(t.Body)
		}
		return err
	}
	frame := endFrame(l.buf, 0)
	if b.watched {
		if l.child.mailbox.put(frame) {
			return nil
		}
		if told {
			l.luck.learn(b.sent, false, watchTime)
		}
	}
	_, err := l.child.tasks.Write(frame)
	l.child.mailbox.piped()
	return err
}

var errLate = errors.New("the pool ended before its worker started")

var errAnswer = errors.New("the worker answers what it was not asked")

// receive reads one frame and hands its outcomes to the pool.
func (l *link) receive() error {
	kind, payload, err := l.in.next()
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errEnded
	}
	if err != nil {
		return err
	}
	if kind == kindReturned {
		return l.takeBack(payload)
	}
	if kind != kindOutcomes && kind != kindPartial && kind != kindProgress {
		return fmt.Errorf("unexpected frame of kind %q", kind)
	}
	head, c, err := decodeHead(payload)
	if err != nil {
		return err
	}
	b := &l.batches[0]
	missing := len(b.entries) - b.done
	if head.count > missing || kind == kindOutcomes && head.count < missing || kind == kindProgress && head.count == missing {
		return errAnswer
	}
	l.got = l.got[:0]
	for i := range head.count {
		e := &b.entries[b.done+i]
		o := Outcome{ID: e.ID, Deaths: e.deaths}
		decodeOutcome(&c, &o)
		if c.bad {
			return errPayload
		}
		l.got = append(l.got, o)
		b.busy += o.Elapsed
	}
	l.settle(kind, head)
	return nil
}

// settle books what a frame of outcomes says.
func (l *link) settle(kind byte, head outcomesHead) {
	p := l.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	b := &l.batches[0]
	p.deliver(l.got...)
	clear(l.got)
	b.done += head.count
	p.stats.Tasks += uint64(head.count)
	if head.usage != (usage{}) {
		l.usage = head.usage
	}
	switch kind {
	case kindOutcomes:
		p.pace.learn(len(b.entries), b.busy)
		l.stuck = false
		l.dropFirst()
		l.watch()
		l.age()
	case kindProgress:
		l.stuck = true
		p.pace.shrink()
		for len(b.entries) > b.done+1 {
			last := len(b.entries) - 1
			p.again(b.entries[last])
			b.entries = b.entries[:last]
			l.taken--
		}
		if p.conf.HardLimit > 0 {
			l.arm(p.conf.HardLimit-max(0, head.running), false)
		}
	}
}

// takeBack requeues the second batch.
func (l *link) takeBack(payload []byte) error {
	p := l.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(l.batches) != 2 {
		return errAnswer
	}
	second := l.batches[1].entries
	if c := (cursor{rest: payload}); c.uvarint() != uint64(len(second)) {
		return errAnswer
	}
	for i := len(second) - 1; i >= 0; i-- {
		p.again(second[i])
	}
	l.taken -= len(second)
	l.batches = l.batches[:1]
	return nil
}

// dropFirst forgets the finished batch and keeps its memory.
func (l *link) dropFirst() {
	l.finished++
	entries := l.batches[0].entries
	clear(entries)
	l.spare = append(l.spare, entries[:0])
	l.batches[0] = batch{}
	if len(l.batches) == 2 {
		l.batches[0], l.batches[1] = l.batches[1], batch{}
	}
	l.batches = l.batches[:len(l.batches)-1]
}
