package collect

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"strings"
	"time"
)

// maxMetrics and metricsTimeout bound what is asked for on the side.
const (
	maxMetrics     = 16 << 20
	metricsTimeout = 5 * time.Second
)

// cpuSeconds is the CPU time that the process has taken so far, if it offers
// metrics for Prometheus. That is the only figure of them that the trace does
// not hold: CPU profiles are always below it.
func (c *collector) cpuSeconds(ctx context.Context) (float64, bool) {
	ctx, cancel := context.WithTimeout(ctx, metricsTimeout)
	defer cancel()
	resp, err := c.client.open(ctx, c.target.metrics())
	if err != nil {
		return 0, false
	}
	defer resp.Body.Close()
	return parseCPUSeconds(io.LimitReader(resp.Body, maxMetrics))
}

// parseCPUSeconds finds process_cpu_seconds_total in the text format.
func parseCPUSeconds(r io.Reader) (float64, bool) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if name == "process_cpu_seconds_total" {
			v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return v, err == nil && v >= 0
		}
	}
	return 0, false
}
