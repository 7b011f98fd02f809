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
// What is observed of a wait and of its lock decides the severity; below are all
// signals with their points. For a warning speak, above all:
//
//   - an answer to a new request, or the client of a request, is waited for, or one of
//     many connections under the lock of all;
//   - what is waited for takes the lock itself: a deadlock;
//   - a condition gives back its own lock while it waits, and keeps this one;
//   - the function itself sends to a channel that a field holds;
//   - goroutines are waited for that run what others have left under the lock;
//   - what is called takes the same lock again, whether it is a function of the package
//     or code that others have given, a method that an encoder or formatter calls of what
//     it is given (fmt.Println calls String), or what a sync.Once runs calls its Do; two who
//     read are one too many where somebody waits to write in between;
//   - the function returns with the lock that it gives back on its other ways, and nobody
//     else does.
//
// Against one speak:
//
//   - nobody is seen who needs the lock for a moment only;
//   - most who take the lock wait under it, or it guards the very connection: it is
//     there to let one at a time through;
//   - the owner keeps what the wait gives: the lock is there for it;
//   - the owner has just been made, or readers load a snapshot without the lock;
//   - there is room in the channel, or it is closed under the same lock, which keeps it open
//     meanwhile;
//   - what is waited for is far below the call, guessed, or sure to end: the disk, a
//     database, a place of a semaphore.
//
// A lock is what has the methods of sync.Locker, be it an interface or a type of another
// package. What a goroutine gives back it holds from its start.
//
// A call that is deferred behind the release of the lock runs under it: the last one
// deferred runs first. What defer c.lock()() takes is held to the end, and what a function
// gives back for its caller, by an argument as well, is not held while that waits.
//
// Functions that a caller gives to an exported one, and streams that it reads, may wait or
// want the lock: they are notes where somebody else needs it.
//
// What is given to another package, or to a helper as under(&c.mu, f), is followed there:
// a wait under a lock of theirs is reported where it stands, and so is a call that takes
// the lock again. A lock that nobody else wants, or one that each key has of its own, makes
// a note.
//
// A lock that is taken under another one is a note where somebody who does not hold
// the outer one makes a request, runs a program or sleeps under the inner one.
//
// The rule is silent about Cond.Wait under the Cond's own lock, a select with default,
// code that gives the lock back before it waits, what a constant argument of the call
// switches off, and the use of a file that takes the disk a moment. Whole files, trees,
// many names and a sync take it long.
package lockio
