package process

import "time"

// watchTime is how long a watch lasts that finds nothing.
const watchTime = 20 * time.Microsecond

const (
	luckGain  = 5 * time.Microsecond   // what a round trip saves by a watch with success
	luckTrial = 100 * time.Microsecond // what a trial may lose
	luckMost  = 4 * time.Millisecond   // of earlier gains, to be lost again
	luckPause = 64                     // times as long as what was lost
)

// Luck decides which round trips watch the mailbox. Where there is nothing to
// gain, because tasks are too long, or the caller takes its time, a watch in
// vain costs its own length. Where other programs compete for the processors it
// may cost the turns of all of them, a thousand times as much. So gains and
// losses are booked as times: after a loss there is a pause, in proportion.
type luck struct {
	credit time.Duration
	pause  time.Time // end of it
}

// next reports whether a round trip that begins now is to watch.
func (k *luck) next(now time.Time) bool {
	if now.Before(k.pause) {
		return false
	}
	if k.credit <= 0 {
		k.credit = luckTrial
	}
	return true
}

// learn takes in how long one side has watched until now, and whether with
// success.
func (k *luck) learn(now time.Time, found bool, watched time.Duration) {
	if found && watched < watchTime {
		k.credit = min(luckMost, k.credit+luckGain)
		return
	}
	k.credit -= watched
	if k.credit <= 0 {
		k.pause = now.Add(luckPause * (luckTrial - k.credit))
	}
}
