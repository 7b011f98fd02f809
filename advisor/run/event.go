package run

import (
	"encoding/json"
	"os"
	"sync"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

// An Event tells how a run goes, one JSON object a line. Field Event says which
// of the other fields it has:
//
//	failure   Elapsed, Failure; after the first 20, failures are only counted
//	progress  the counters, once a second
//	done      the counters, Report; the last event
type Event struct {
	Event   string  `json:"event"`
	Elapsed float64 `json:"elapsed"` // seconds since the start

	Done     uint64 `json:"done"`              // inputs with a result or a failure, those of the journal included
	Failed   uint64 `json:"failed"`            // of these
	Resumed  uint64 `json:"resumed,omitempty"` // of these, taken from the journal
	Cached   uint64 `json:"cached,omitempty"`  // and from the cache
	Fresh    uint64 `json:"fresh,omitempty"`   // and those whose files were up to date
	InFlight int    `json:"in_flight"`         // being run
	Held     int    `json:"held"`              // read and not written, those in flight included
	Bytes    int64  `json:"bytes"`             // of the input that is done, or number of Args
	Total    int64  `json:"total,omitempty"`   // bytes of the input, or number of Args; 0: unknown

	Rate float64 `json:"rate"`          // inputs a second, of late
	ETA  float64 `json:"eta,omitempty"` // seconds that are left; 0: unknown

	Executor string `json:"executor,omitempty"`
	Size     int    `json:"size,omitempty"`
	Reason   string `json:"reason,omitempty"`

	Failure *Failure `json:"failure,omitempty"`
	Report  *Report  `json:"report,omitempty"`
}

// A Report is what a run came to.
type Report struct {
	Stopped    string  `json:"stopped,omitempty"` // why the run ended before its inputs did
	Interrupt  bool    `json:"interrupt,omitempty"`
	Missing    uint64  `json:"missing,omitempty"` // results in the journal whose inputs did not come
	Cut        int64   `json:"cut,omitempty"`     // bytes of a torn record that were cut off the journal
	Damaged    int64   `json:"damaged,omitempty"` // bytes that were left out to salvage the rest of it
	Ran        int     `json:"ran"`               // inputs that the function was called for
	Succeeded  int     `json:"succeeded"`         // of these, those that it has a result for
	Retries    int     `json:"retries"`
	Abandoned  int     `json:"abandoned,omitempty"`
	CPU        float64 `json:"cpu"`        // seconds of CPU used
	Efficiency float64 `json:"efficiency"` // of CPU: used ÷ (cores · elapsed)
	Trials     []Trial `json:"trials,omitempty"`

	Stages []StageReport `json:"stages,omitempty"` // of a pipeline
}

// Tells reports whether enough inputs succeeded for what was measured to tell of
// the work: refusals and timeouts have a pace of their own.
func (r *Report) Tells() bool {
	return r.Succeeded >= sizing.FewSuccesses || r.Succeeded > 0 && 2*r.Succeeded >= r.Ran
}

// A StageReport is what became of one stage of a pipeline.
type StageReport struct {
	Name      string  `json:"name"`
	Executor  string  `json:"executor"`
	Size      int     `json:"size"`
	Reason    string  `json:"reason"`
	Occupancy float64 `json:"occupancy"` // share of its workers that were busy
	Trials    []Trial `json:"trials,omitempty"`
}

// A Trial is a size that the run tried.
type Trial struct {
	Size     int     `json:"size"`
	Rate     float64 `json:"rate"`     // inputs a second
	Inputs   int     `json:"inputs"`   // that ended while it was measured
	Failures float64 `json:"failures"` // share of them
}

// events writes events to the command.
type events struct {
	mu  sync.Mutex
	enc *json.Encoder
	err error
}

func newEvents(f *os.File) *events { return &events{enc: json.NewEncoder(f)} }

// tell sends a failure, without the counters: nobody has looked at them.
func (e *events) tell(f Failure, elapsed float64) {
	e.send(struct {
		Event   string   `json:"event"`
		Elapsed float64  `json:"elapsed"`
		Failure *Failure `json:"failure"`
	}{"failure", elapsed, &f})
}

// send sends an Event, or some of its fields, and reports whether somebody
// still listens.
func (e *events) send(ev any) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err == nil {
		e.err = e.enc.Encode(ev)
	}
	return e.err == nil
}
