// Package lockio defines an analyzer that reports locks held while waiting on
// something outside the program.
//
// # Analyzer lockio
//
// lockio: report locks held across network, subprocess, sleep or other waits
//
// While one goroutine waits for a far end under a lock, every other goroutine
// that wants the lock waits as well: a slow peer stops the whole service.
//
//	c.mu.Lock()
//	resp, err := c.client.Do(req) // everybody waits for this peer
//	c.last = resp
//	c.mu.Unlock()
//
// Wait first, lock for the short part:
//
//	resp, err := c.client.Do(req)
//	c.mu.Lock()
//	c.last = resp
//	c.mu.Unlock()
//
// It is a warning where the wait is for one of many things, what the caller asked
// for, an element of a collection, what is kept under a key, as who wants another
// one waits for nothing, or where nobody can cancel it. A wait for the only thing
// that there is keeps none but those who want it: that is a note. So is a lock
// whose only purpose is to serialize the use of one connection, or under which
// most of its users wait, a wait with a deadline under a read lock, what is made
// once for all or is due every so often, an object that nobody else has yet, a
// lock with a comment that says why it is held, functions that close or configure,
// and a wait for goroutines or a channel unless the place is known where the other
// side takes the same lock: then a send on an error path, in a select that only
// the end of the program leaves otherwise, or into a buffer that fills is a
// deadlock as well. Code that is not known here, a function that the caller gives,
// a hook in a field, an interface that others implement, is a note where short work
// wants the lock meanwhile, and a warning where it takes the lock again. The rule
// is silent about file access, Cond.Wait under the Cond's own lock, error paths
// otherwise, a select with default, code that gives the lock back before it waits,
// and what a boolean argument of the call switches off.
package lockio
