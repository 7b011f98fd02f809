// Package fault makes errors.
package fault

import "errors"

// New makes one.
var New = errors.New
