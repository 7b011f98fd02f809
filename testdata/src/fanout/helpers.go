package fanout

import "context"

// A quota is implemented by whoever uses the package.
type quota interface {
	Acquire(ctx context.Context, n int64) error
	Release(n int64)
	Tell(result error)
}

type loader struct{ limit, other quota }

// Without a quota there is no limit, and somebody has chosen so.
func (l *loader) take(ctx context.Context, g quota) error {
	if g == nil {
		return nil
	}
	return g.Acquire(ctx, 1)
}

func (l *loader) give(g quota) {
	if g == nil {
		return
	}
	g.Release(1)
}

// A place is taken and given back by two helpers, on every way through the task.
func (l *loader) bounded(ctx context.Context, us []string) error {
	for _, u := range us {
		if err := l.take(ctx, l.limit); err != nil {
			return err
		}
		go func() {
			if u == "" {
				l.give(l.limit)
				return
			}
			fetch(u)
			l.give(l.limit)
		}()
	}
	return nil
}

func (l *loader) deferred(ctx context.Context, us []string) error {
	for _, u := range us {
		if err := l.take(ctx, l.limit); err != nil {
			return err
		}
		go func() {
			defer l.give(l.limit)
			fetch(u)
		}()
	}
	return nil
}

// The place that is given back is another one.
func (l *loader) mixed(ctx context.Context, us []string) error {
	for _, u := range us {
		if err := l.take(ctx, l.limit); err != nil {
			return err
		}
		go func() { // want "note: .*each of us"
			fetch(u)
			l.give(l.other)
		}()
	}
	return nil
}

// The place is given back before the work.
func (l *loader) early(ctx context.Context, us []string) error {
	for _, u := range us {
		if err := l.take(ctx, l.limit); err != nil {
			return err
		}
		go func() { // want "note: .*each of us"
			l.give(l.limit)
			fetch(u)
		}()
	}
	return nil
}

// What is told the result holds nobody back.
func (l *loader) told(ctx context.Context, us []string) error {
	for _, u := range us {
		if err := l.take(ctx, l.limit); err != nil {
			return err
		}
		go func() { // want "note: .*each of us"
			err := fetch(u)
			l.tell(l.limit, err)
		}()
	}
	return nil
}

func (l *loader) tell(g quota, err error) { g.Tell(err) }

// One way to the next task takes no place.
func (l *loader) sometimes(ctx context.Context, us []string) error {
	for i, u := range us {
		if i%2 == 0 {
			if err := l.take(ctx, l.limit); err != nil {
				return err
			}
		}
		go func() { // want "note: .*each of us"
			fetch(u)
			l.give(l.limit)
		}()
	}
	return nil
}

// The helper asks the quota only now and then.
func (l *loader) perhaps(ctx context.Context, g quota, u string) error {
	if len(u) > 10 {
		return g.Acquire(ctx, 1)
	}
	return nil
}

func (l *loader) skips(ctx context.Context, us []string) error {
	for _, u := range us {
		if err := l.perhaps(ctx, l.limit, u); err != nil {
			return err
		}
		go func() { // want "note: .*each of us"
			fetch(u)
			l.give(l.limit)
		}()
	}
	return nil
}

// The task is given the quota, and hands it on.
func (l *loader) handed(ctx context.Context, us []string) error {
	for _, u := range us {
		if err := l.take(ctx, l.limit); err != nil {
			return err
		}
		go l.work(u, l.limit)
	}
	return nil
}

func (l *loader) work(u string, q quota) {
	fetch(u)
	l.give(q)
}
