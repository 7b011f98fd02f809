// Package app has findings of every shape that a report can show.
package app

import (
	"net/http"
	"sync"
)

var mu sync.Mutex

// Größe holds a lock while it waits.
func Größe(url string) error {
	mu.Lock()
	defer mu.Unlock()
	return fetch(url)
}

// Known is silenced with a reason.
func Known(url string) error {
	mu.Lock()
	defer mu.Unlock()
	return fetch(url) //concurlint:ignore lockio one caller at start-up
}

// Count reads what the lock guards.
func Count() int {
	mu.Lock()
	defer mu.Unlock()
	return len(cache)
}

var cache = map[string]int{}

func fetch(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	cache[url]++
	return resp.Body.Close()
}
