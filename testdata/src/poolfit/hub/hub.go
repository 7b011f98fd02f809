// Package hub starts what others size.
package hub

import (
	"poolfit/conf"
	"poolfit/pulls"
)

func Start(c *conf.Shared) error { return pulls.Run(c, make([]func() error, c.Queue)) }
