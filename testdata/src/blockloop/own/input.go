package own

import "context"

// Whoever is given the channel to send to receives nothing from it.
type screen struct {
	ctx  context.Context
	msgs chan any
	size int
}

func newScreen(ctx context.Context, read func(context.Context, chan<- any)) *screen {
	s := &screen{ctx: ctx, msgs: make(chan any)}
	go read(ctx, s.msgs)
	return s
}

func (s *screen) run() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case msg := <-s.msgs:
			if _, ok := msg.(int); ok {
				s.measure() // want `warning: blockloop: .*measure sends to s.msgs, which this loop alone receives from, and can block for ever`
			}
		}
	}
}

func (s *screen) measure() {
	if s.size == 0 {
		return
	}
	s.send(s.size)
}

func (s *screen) send(msg any) {
	select {
	case <-s.ctx.Done():
	case s.msgs <- msg:
	}
}

// Who can receive may be the one that does.
type shared struct {
	ctx  context.Context
	msgs chan any
}

func newShared(ctx context.Context, work func(chan any)) *shared {
	s := &shared{ctx: ctx, msgs: make(chan any)}
	go work(s.msgs)
	return s
}

func (s *shared) run() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.msgs:
			s.again()
		}
	}
}

func (s *shared) again() {
	select {
	case <-s.ctx.Done():
	case s.msgs <- 1:
	}
}
