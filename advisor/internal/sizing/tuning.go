package sizing

import "time"

// The constants were chosen on the tuning seeds of package simulate; the score
// is flat around each of them except jump and the size at the start: 5 of either
// overshoots narrow back-ends.
const (
	jump       = 4.0  // most growth in one step
	together   = 4    // most that a completion adds while the size rises: what comes in one burst
	bunch      = 0.3  // part of a latency within which tasks end that began together
	gentle     = 2.0  // most growth after a jump that made tasks fail
	spare      = 1.3  // growth beyond what the cores need by the utilisation law
	busy       = 0.7  // utilisation from which the cores' own queue may be why tasks take longer
	saturated  = 0.93 // utilisation at which more tasks cannot help
	explained  = 0.6  // share of the time in flight that must be over before growth is judged
	kneeBelow  = 0.5  // elasticity Δln X ÷ Δln N at which growth ends
	kneeSlack  = 1.25 // size at the knee beyond Little's law
	abortBelow = 0.65 // share of the throughput before below which a step is taken back at once
	calmBelow  = 1.3  // growth of the latency up to which it counts as what it is before anything queues
	queued     = 1.6  // and from which tasks certainly queue

	firstRounds = 16   // rounds of the size that are waited for within a moment
	leastSpread = 0.5  // relative standard deviation of a latency that is believed at least
	checkSpread = 0.20 // relative standard error of the latency that ends a check

	probeStep  = 0.25 // first relative step of a probe
	gainUp     = 0.05 // throughput that more in flight have to bring
	lossDown   = 0.99 // throughput that fewer in flight have to keep
	maxPause   = 64   // most epochs between probes
	goodSpread = 0.03 // relative standard error of the latency that ends an epoch

	excess    = 0.03 // share of failures beyond the usual that makes the size shrink
	atEnd     = 4.0  // surprise at the failures of an epoch that makes it shrink
	atOnce    = 8.0  // and at any completion
	lookAgain = 5    // part of the time so far for which a size that failed is not tried again
	acquit    = 0.3  // share of failures from which the size is always to blame
	starved   = 0.7  // share of the size in flight below which the input is the limit
)

// longStorm is longer than the penalties that limits usually impose.
const longStorm = 5 * time.Second

// moment is no loss to any job that is worth a controller.
const moment = 10 * time.Millisecond
