package executor

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
)

// LogValue implements slog.LogValuer: the figures that tell how a run goes, those
// that are zero left out.
//
//	slog.Info("crawl", "run", run.Snapshot())
func (s Snapshot) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("executor", string(s.Executor)),
		slog.String("reason", s.Reason),
		slog.Int("size", s.Size),
		slog.Int("done", s.Done),
		slog.Duration("elapsed", s.Elapsed),
		slog.Float64("rate", s.Rate),
		slog.Float64("occupancy", s.Occupancy),
	}
	for _, n := range []struct {
		name  string
		value int
	}{
		{"in_flight", s.InFlight}, {"queued", s.Queued}, {"held", s.Held},
		{"failures", s.Failures}, {"retries", s.Retries}, {"abandoned", s.Abandoned}, {"died", s.Workers.Died},
	} {
		if n.value != 0 {
			attrs = append(attrs, slog.Int(n.name, n.value))
		}
	}
	return slog.GroupValue(attrs...)
}

// LogValue implements slog.LogValuer: the name and the figures.
func (s StageStats) LogValue() slog.Value {
	return slog.GroupValue(append([]slog.Attr{slog.String("name", s.Name)}, s.Snapshot.LogValue().Group()...)...)
}

// String is one line of the figures that slog is given.
func (s Snapshot) String() string { return line(s.LogValue()) }

// String is one line of the figures that slog is given.
func (s StageStats) String() string { return line(s.LogValue()) }

func line(group slog.Value) string {
	var b strings.Builder
	for i, a := range group.Group() {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch a.Value.Kind() {
		case slog.KindFloat64:
			fmt.Fprintf(&b, "%s=%.4g", a.Key, a.Value.Float64())
		case slog.KindString:
			fmt.Fprintf(&b, "%s=%q", a.Key, a.Value.String())
		default:
			fmt.Fprintf(&b, "%s=%v", a.Key, a.Value)
		}
	}
	return b.String()
}

// String returns the figures of the run's stages as JSON, which makes a Run an
// expvar.Var:
//
//	expvar.Publish("crawl", run)
func (r *Run[T, R]) String() string {
	type stage struct {
		Name      string  `json:"name"`
		Executor  Kind    `json:"executor"`
		Reason    string  `json:"reason"`
		Size      int     `json:"size"`
		Read      int     `json:"read"`
		Done      int     `json:"done"`
		InFlight  int     `json:"in_flight"`
		Queued    int     `json:"queued"`
		Failures  int     `json:"failures"`
		Retries   int     `json:"retries"`
		Seconds   float64 `json:"seconds"`
		Rate      float64 `json:"rate"`
		Occupancy float64 `json:"occupancy"`
	}
	var stages []stage
	for _, s := range r.Stages() {
		stages = append(stages, stage{
			s.Name, s.Executor, s.Reason, s.Size, s.Read, s.Done, s.InFlight, s.Queued,
			s.Failures, s.Retries, s.Elapsed.Seconds(), s.Rate, s.Occupancy,
		})
	}
	text, err := json.Marshal(stages)
	if err != nil {
		return "null" // a number that JSON has no text for
	}
	return string(text)
}
