package doubt

import (
	"encoding/json"
	"net/http"
	"sync"
)

// Most of a response is taken by the kernel, whoever reads it, and however it is written.
type ledgerPage struct {
	mu   sync.Mutex
	rows []string
}

func (l *ledgerPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, row := range l.rows {
		if row == r.URL.Path {
			reply(w, row) // want `note: .*l.mu is held while reply waits on the network, so all who want the lock wait too`
			return
		}
	}
}

func reply(w http.ResponseWriter, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		return
	}
	_, _ = w.Write(b)
}

func (l *ledgerPage) add(row string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows = append(l.rows, row)
}
