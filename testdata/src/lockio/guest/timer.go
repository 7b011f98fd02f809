package guest

import "lockio/host"

type session struct {
	timer *host.Timer
	alarm *host.Alarm
}

func (s *session) start() {
	s.timer = host.NewTimer(func() { s.close() })
	s.alarm = host.NewAlarm(func() {
		s.alarm.Stop() // want "host.Alarm.mu is held by host.\\(\\*Alarm\\).Ring, which runs this, and host.\\(\\*Alarm\\).Stop takes it again: deadlock"
	})
}

func (s *session) close() { s.timer.Set(0) }

func (s *session) watch() {
	s.timer = host.NewTimer(func() {
		s.timer.Left() // want "host.Timer.mu is held by host.\\(\\*Timer\\).Expire, which runs this, and host.\\(\\*Timer\\).Left takes it again: deadlock"
	})
}
