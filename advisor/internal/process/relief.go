package process

import (
	"encoding/binary"
	"time"
)

// arm starts the relief timer unless it runs. It is never stopped: when it
// fires early for the present batch, it is set again.
func (s *server) arm(after time.Duration) {
	if s.armed || s.relief == nil {
		return
	}
	s.armed = true
	s.relief.Reset(after)
}

// relieve looks at a batch that may last too long. If so, the outcomes so far
// are sent, calls that have not begun go back to the parent, which has them
// done elsewhere, and so does the batch that waits in the pipe. The parent
// learns which task it is that runs, and for how long.
func (s *server) relieve() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = false
	if !s.running {
		return
	}
	now := time.Since(s.start)
	if rest := s.opened + s.Relief - now; rest > 0 {
		s.arm(rest)
		return
	}
	s.write(kindProgress, now-s.begun)
	s.calls = s.calls[:s.next]
	s.turnAway()
}

// turnAway returns batches to the parent while the present call goes on. The
// first frame that arrives after it goes to receive.
func (s *server) turnAway() {
	s.reading = true
	for {
		s.mu.Unlock()
		kind, payload, err := s.in.next()
		s.mu.Lock()
		if !s.running || err != nil || kind != kindTasks {
			s.passed <- inbound{kind, payload, err}
			return
		}
		count := cursor{rest: payload}
		frame := binary.AppendUvarint(beginFrame(nil, kindReturned), count.uvarint())
		if _, err := s.out.Write(endFrame(frame, 0)); err != nil {
			s.failed = err
		}
		s.mailbox.piped()
	}
}
