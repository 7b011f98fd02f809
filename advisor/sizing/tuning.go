package sizing

// The constants were chosen on the tuning seeds of package simulate.
var (
	jump = 4.0  // most growth in one step
	spare      = 1.3  // growth beyond what the cores need by the utilisation law
	saturated  = 0.93 // utilisation at which more tasks cannot help
	kneeBelow  = 0.5  // elasticity that ends the growth
	kneeSlack  = 1.25 // size at the knee beyond Little's law
	probeStep  = 0.3
	gainUp     = 0.05
	lossDown   = 0.98
	maxPause   = 32
	excess     = 0.03 // share of failures that makes the size shrink
	holdSpread = 0.04
)

var explained = 0.3
