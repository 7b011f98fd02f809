// Package pulls sizes its group by what another package holds.
package pulls

import (
	"golang.org/x/sync/errgroup"

	"poolfit/conf"
)

func Run(c *conf.Shared, pulls []func() error) error {
	var g errgroup.Group
	g.SetLimit(c.Pulls)
	for _, pull := range pulls {
		g.Go(pull)
	}
	return g.Wait()
}
