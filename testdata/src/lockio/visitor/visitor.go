// Package visitor is a member of no club, whose lock it never comes under.
package visitor

import (
	"net/http"

	"lockio/host"
)

func alone(m *host.Member) {
	m.OnLeave(func() { http.Get("http://visitor.example/") })
	m.Leave()
}
