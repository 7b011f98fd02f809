package guest

import "lockio/host"

type session struct {
	timer *host.Timer
	alarm *host.Alarm
}

func (s *session) start() {
	s.timer = host.NewTimer(func() { s.close() })
	s.alarm = host.NewAlarm(func() {
		s.alarm.Stop() // want "warning: .*host.Alarm.mu is held by host.\\(\\*Alarm\\).Ring, which runs this, and host.\\(\\*Alarm\\).Stop takes it again: deadlock"
	})
}

func (s *session) close() { s.timer.Set(0) }

func (s *session) watch() {
	s.timer = host.NewTimer(func() {
		s.timer.Left() // want "warning: .*host.Timer.mu is held by host.\\(\\*Timer\\).Expire, which runs this, and host.\\(\\*Timer\\).Left takes it again: deadlock"
	})
}

func watches() (w *host.Watch, b *host.Bell) {
	w = host.NewWatch(func() {
		w.Stop() // want "warning: .*host.Watch.mu is held by host.\\(\\*Watch\\).Ring, which runs this, and host.\\(\\*Watch\\).Stop takes it again: deadlock"
	})
	b = host.NewBell(func() {
		b.Stop() // want "warning: .*host.Bell.mu is held by host.\\(\\*Bell\\).Ring, which runs this, and host.\\(\\*Bell\\).Stop takes it again: deadlock"
	})
	return w, b
}
