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
		return first.Exec(nil) // want "host.Command.Mutex is held by host.\\(\\*Command\\).Exec, which runs this, and host.\\(\\*Command\\).Exec takes it again: deadlock"
	})
	second = host.NewCommand("second", func([]string) error {
		return host.Again(&second) // want "host.Command.Mutex is held by host.\\(\\*Command\\).Exec, which runs this, and host.Again takes it again: deadlock"
	})
	return first, second
}
