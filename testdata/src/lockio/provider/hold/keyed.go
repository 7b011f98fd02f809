package hold

import "sync"

// Keyed has a lock for each key.
type Keyed struct{ locks sync.Map }

func (k *Keyed) Lock(key string) (unlock func()) {
	v, _ := k.locks.LoadOrStore(key, new(sync.Mutex))
	mu := v.(*sync.Mutex)
	mu.Lock()
	return mu.Unlock
}

// Take takes the lock of a key, and Give gives it back.
func (k *Keyed) Take(key string) {
	v, _ := k.locks.LoadOrStore(key, new(sync.Mutex))
	v.(*sync.Mutex).Lock()
}

func (k *Keyed) Give(key string) {
	v, _ := k.locks.Load(key)
	v.(*sync.Mutex).Unlock()
}
