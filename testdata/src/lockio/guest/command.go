package guest

import "lockio/host"

// A command that has the shell run another one has a lock of its own: which of them the
// shell runs, is decided as it runs.
type alarm struct{ *host.Part }

func newAlarm(shell *host.Shell) *alarm {
	a := &alarm{&host.Part{Shell: shell}}
	a.Add(host.NewCommand("alarm on", func([]string) error { return a.on() }))
	a.Add(host.NewCommand("alarm off", func([]string) error { return a.Shell.Run("siren off") }))
	return a
}

func (a *alarm) on() error { return a.Start("siren on") }

// One that runs itself waits for itself, by a method or by a function that is given it.
func newLoops() (first, second host.Command) {
	first = host.NewCommand("first", func([]string) error {
		return first.Exec(nil) // want "warning: .*host.Command.Mutex is held by host.\\(\\*Command\\).Exec, which runs this, and host.\\(\\*Command\\).Exec takes it again: deadlock"
	})
	second = host.NewCommand("second", func([]string) error {
		return host.Again(&second) // want "warning: .*host.Command.Mutex is held by host.\\(\\*Command\\).Exec, which runs this, and host.Again takes it again: deadlock"
	})
	return first, second
}

// What a change is given it gives on, so that nothing else is begun; who has none begins.
type books struct{ of *host.Ledger }

func (b *books) settle() error {
	return b.of.Update(func(e host.Entry) error { return b.note(e, "settled") })
}

func (b *books) note(e host.Entry, name string) error {
	set := func(e host.Entry) error {
		e.Set(name, 1)
		return nil
	}
	if e == nil {
		return b.of.Update(set)
	}
	return set(e)
}

func (b *books) open() error { return b.note(nil, "open") }

func (b *books) close() error {
	return b.of.Update(func(e host.Entry) error { return b.mark(nil, "closed") })
}

func (b *books) mark(e host.Entry, name string) error {
	if e != nil {
		e.Set(name, 1)
		return nil
	}
	return b.of.Update(func(e host.Entry) error { // want "warning: .*host.Ledger.mu is held by host.\\(\\*Ledger\\).Update, which runs this, and host.\\(\\*Ledger\\).Update takes it again: deadlock"
		e.Set(name, 1)
		return nil
	})
}

// What a literal is given here may well be nothing.
func (b *books) reopen() error {
	return b.of.Update(func(host.Entry) error {
		again := func(e host.Entry) error { return b.stamp(e, "open") }
		return again(nil)
	})
}

func (b *books) stamp(e host.Entry, name string) error {
	if e == nil {
		return b.of.Update(func(e host.Entry) error { // want "warning: .*host.Ledger.mu is held by host.\\(\\*Ledger\\).Update, which runs this, and host.\\(\\*Ledger\\).Update takes it again: deadlock"
			e.Set(name, 1)
			return nil
		})
	}
	e.Set(name, 1)
	return nil
}
