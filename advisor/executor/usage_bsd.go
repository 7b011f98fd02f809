//go:build unix && !linux

package executor

import "time"

// queueTime is not told by this system.
func queueTime() time.Duration { return 0 }
