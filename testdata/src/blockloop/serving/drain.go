package serving

// A loop that runs what tasks leave for afterwards, by a literal of its own.
type shift struct {
	tasks chan func()
	left  []func()
	state chan string
}

func (s *shift) work() {
	drain := func() {
		for len(s.left) > 0 {
			list := s.left
			s.left = nil
			for _, f := range list {
				f()
			}
		}
	}
	for t := range s.tasks {
		t()
		drain()
	}
}

func (s *shift) leave(f func()) { s.left = append(s.left, f) }

func (s *shift) change(to string) {
	s.leave(func() {
		s.state <- to // want `note: blockloop: the loop of shift.work sends to s.state, hand it to a goroutine and post the result back`
	})
}
