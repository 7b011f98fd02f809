package sizing

import "time"

// Work is handed over in pieces that outweigh the way there. To another goroutine
// that is 0.3 to 1 µs, with a wake-up 5 µs, so that a chunk within these loses a few
// percent at most and the last ones end together.
const (
	LeastChunk = 20 * time.Microsecond
	MostChunk  = 50 * time.Microsecond
)

// Batch is how long a batch for another process takes: many times as long as the
// pipe and the coding, and no longer, as its results wait for its end.
const Batch = 2 * time.Millisecond
