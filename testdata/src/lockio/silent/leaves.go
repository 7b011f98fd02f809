package silent

import (
	"net/http"
	"sync"
)

// An argument says whether there is a lock: who only reads has none.
type book struct {
	mu    sync.Mutex
	pages int
}

func (b *book) begin(write bool) {
	if write {
		b.mu.Lock()
	}
}

func (b *book) end(write bool) {
	if write {
		b.mu.Unlock()
	}
}

func (b *book) view(u string) {
	b.begin(false)
	http.Get(u)
	b.end(false)
}

func (b *book) twice(u string) {
	b.begin(false)
	b.view(u)
	b.end(false)
}

func (b *book) add() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pages++
}
