// Package hold runs functions under a lock that it is given.
package hold

import "sync"

func Locked[T any](mu *sync.RWMutex, f func() (T, error)) (T, error) {
	mu.Lock()
	defer mu.Unlock()
	return f()
}

func Viewed[T any](mu *sync.RWMutex, f func() (T, error)) (T, error) {
	mu.RLock()
	v, err := f()
	mu.RUnlock()
	return v, err
}
