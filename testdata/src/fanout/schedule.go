package fanout

import "github.com/robfig/cron"

// Each runs at times of its own.
func schedule(c *cron.Cron, specs []string) {
	for _, s := range specs {
		c.AddFunc(s, func() { fetch(s) })
	}
}
