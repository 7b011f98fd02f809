package app

import "sync"

// Store holds numbers.
//
//concurlint:ignore lockio nothing waits here
type Store struct {
	mu sync.Mutex //concurlint:ignore lockio behind code
	n  int
}

// Add adds.
func (s *Store) Add() {
	s.mu.Lock()
	defer s.mu.Unlock()

	//concurlint:ignore lockio between blank lines

	s.n++
	//concurlint:ignore lockio one of two
	//concurlint:ignore fanout two of two
}

//concurlint:unknown has no fix
func none() {}
