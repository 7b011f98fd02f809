package host

import (
	"fmt"
	"net/http"
)

// Functions of others under names of this package.
var (
	Fetch = http.Get
	Label = fmt.Sprintf
)
