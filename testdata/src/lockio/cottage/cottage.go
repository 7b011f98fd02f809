// Package cottage has a topic of package host in a field.
package cottage

import "lockio/host"

// A Cottage tells of its doors.
type Cottage struct{ Doors *host.Topic[string] }
