package advisor

// A Report is what the advisor answers; its JSON form is a contract, to which
// fields may be added.
type Report struct {
	Version  int        `json:"version"`
	Profiles []Profile  `json:"profiles"`
	Host     Host       `json:"host"`
	Matched  float64    `json:"matched"` // share of the program's own weight that was found in the source, 0 to 1
	Commit   *Commit    `json:"commit,omitempty"`
	Evidence string     `json:"evidence"` // which recordings the figures rest on, best first, for people
	Unseen   []string   `json:"unseen"`   // what no recording tells of: computing, waits for others; the report is silent about it
	Seconds  float64    `json:"seconds"`  // of the recording that all figures are expressed in
	Findings []Judged   `json:"findings"`
	Advice   []Advice   `json:"advice"`  // most time to be saved first, what to keep last
	Classes  []Measured `json:"classes"` // functions, static class beside measured
	Notes    []string   `json:"notes"`
	Errors   []Problem  `json:"errors"`
	Again    *Again     `json:"again,omitempty"`
	Golden   []Rule     `json:"goldenRule,omitempty"` // that the advice follows, where it is asked for
}

// Again is what leads to the same evidence once more, so that reports can name
// the next command.
type Again struct {
	Args      []string `json:"args"`                // flags and address
	Benchmark string   `json:"benchmark,omitempty"` // regular expression of the benchmarks at hand
	Packages  []string `json:"packages,omitempty"`  // that have them
}

// A Profile is one recording that was read.
type Profile struct {
	Name    string   `json:"name"`
	Format  string   `json:"format"`
	Seconds float64  `json:"seconds"`
	Samples int64    `json:"samples"`
	Matched float64  `json:"matched"` // share of its own weight joined, 0 to 1
	Test    bool     `json:"test,omitempty"`
	Notes   []string `json:"notes,omitempty"`
}

// Host is what the recordings say of the machine.
type Host struct {
	Cores      int     `json:"cores"`
	Overcommit float64 `json:"overcommit"` // 1: the program had its cores to itself; 0: not known
	Busy       float64 `json:"busy"`       // share of the cores' time that the program computed, 0 to 1
	GC         float64 `json:"gc"`         // share of its CPU time spent collecting, 0 to 1
	// Queued is how many seconds a goroutine that was ready stood in the run queue, on
	// average, by a trace or else the runtime's metrics; 0: not known.
	Queued float64 `json:"queued,omitempty"`
}

// A Commit is the state of the source that a profile was recorded from.
type Commit struct {
	Hash   string  `json:"hash"`          // of the commit that fits best, "" for the work tree
	Fits   float64 `json:"fits"`          // share of own weight whose start lines agree there
	Here   float64 `json:"here"`          // likewise in the work tree
	Behind int     `json:"behind"`        // commits between it and the work tree
	Ref    string  `json:"ref,omitempty"` // the branch or tag that leads to it, "" if the work tree's own history does
}

// A Span is an interval in which a figure lies.
type Span [2]float64

// The verdicts on a finding.
const (
	Confirmed = "confirmed"
	Refuted   = "refuted"
	Cold      = "cold"
	NoData    = "nodata"
)

// A Judged is a finding with what the recordings say of it. Severity is the one
// that follows from the verdict, Was the analyzers'.
type Judged struct {
	Finding
	Was      string   `json:"was"`
	Verdict  string   `json:"verdict"`
	Because  []string `json:"because"`  // sentences with figures
	Evidence []string `json:"evidence"` // the recordings that it rests on: "CPU profile cpu.pprof"
	Stake    float64  `json:"stake"`    // seconds of the recording that the finding is about

	StakeRange Span `json:"stakeRange,omitzero"` // from what it may have been on a host of its own, where that was overcommitted
}

// Advice is what to do about one site. Because it may be that nothing should be
// done, Recommend may equal Now.
type Advice struct {
	Site       Site      `json:"site"`
	Title      string    `json:"title"`  // what to do, in a line
	Action     string    `json:"action"` // more, fewer, bound, concurrent, serial, chunk, move, lock (it is the cap, no executor's size helps), end (its goroutines do not), keep
	Now        Setting   `json:"now"`
	Recommend  Setting   `json:"recommend"`
	Gain       Span      `json:"gain"`                // factor to expect in the throughput of what the site does
	Latency    Span      `json:"latency,omitzero"`    // factor by which one pass gets shorter, where the throughput stays
	Stake      float64   `json:"stake"`               // seconds a second of the recording that depend on it
	StakeRange Span      `json:"stakeRange,omitzero"` // as in Judged
	Cost       Cost      `json:"cost"`                // of one task
	Because    []string  `json:"because"`
	Unknown    []string  `json:"unknown"`
	Caps       []Cap     `json:"caps"`
	Edit       string    `json:"edit"`                // a unified diff, "" where there is none
	EditNotes  []string  `json:"editNotes,omitempty"` // what the program does otherwise once it has the edit
	NoEdit     string    `json:"noEdit,omitempty"`    // why there is none
	Finding    string    `json:"finding,omitempty"`   // fingerprint of the finding it is about
	Chain      []Link    `json:"chain,omitempty"`     // from the site down to what its task waits for or computes
	Verified   *Verified `json:"verified,omitempty"`
	Look       bool      `json:"look,omitempty"` // a question rather than advice: it holds only if iterations do not need one another
}

// A Link is a step of a chain: what is called at a place.
type Link struct {
	Step
	Package  string  `json:"package,omitempty"` // of Function, a declared one of the program, "" of any other
	Function string  `json:"function,omitempty"`
	Share    float64 `json:"share,omitempty"` // of the time of the site's tasks that is spent in it, 0 to 1; 0: not measured, it is the source's word
}

// A Setting is an executor with its size.
type Setting struct {
	Executor string  `json:"executor"`        // io, cpu, process, pipeline, loop, serial, unbounded; readers of a lock
	Limit    string  `json:"limit,omitempty"` // as it is written
	Min      int     `json:"min,omitempty"`   // sizes that are worth trying
	Max      int     `json:"max,omitempty"`
	Binds    *bool   `json:"binds,omitempty"`    // submitters wait for it; nil: not known
	InFlight float64 `json:"inFlight,omitempty"` // tasks at once, on average, as measured

	InFlightRange Span `json:"inFlightRange,omitzero"` // as StakeRange
}

// Cost is what one task takes; where no task was told from the others (Tasks is 0),
// what all of them took in Report.Seconds. A zero Span was not measured.
type Cost struct {
	Tasks    int64           `json:"tasks"` // seen whole
	CPU      Span            `json:"cpu"`   // seconds
	Wait     map[string]Span `json:"wait"`  // seconds by kind
	Runnable Span            `json:"runnable"`
	Ratio    Span            `json:"ratio"` // outside waits ÷ CPU
	Class    string          `json:"class"` // cpu, mixed, io, lock, memory, coordination
}

// A Cap is a size above which more brings nothing.
type Cap struct {
	What string `json:"what"` // cores, lock, memory, collector, descriptors, items, far end
	Size int    `json:"size"` // 0: it binds, but no size follows
	Why  string `json:"why"`
}

// Measured is a function's class by its source beside the one by its weights.
type Measured struct {
	Package  string `json:"package"`
	Function string `json:"function"`
	Place
	Static    string             `json:"static"`
	Class     string             `json:"class"`
	CPU       float64            `json:"cpu"`                 // seconds, callees included
	Range     Span               `json:"cpuRange,omitzero"`   // where samples, scheduler and the system's count differ: from the least to the most
	Self      float64            `json:"self"`                // seconds of CPU in its own lines
	Wait      map[string]float64 `json:"wait"`                // seconds by kind, callees included
	WaitRange map[string]Span    `json:"waitRange,omitempty"` // the same as ranges, as StakeRange
	Lines     map[int]LineWeight `json:"lines,omitempty"`
	Differs   string             `json:"differs,omitempty"` // why the two classes disagree
}

// A LineWeight is what one line costs, callees included.
type LineWeight struct {
	CPU  float64            `json:"cpu"`
	Wait map[string]float64 `json:"wait,omitempty"`
}

// Verified is what running present and proposed side by side showed.
type Verified struct {
	Benchmark  string   `json:"benchmark"`          // that comes to the site, several separated by ", "
	Together   int      `json:"together,omitempty"` // benchmarks in each figure, which is of their sum; those within Benchmark counted
	Budget     float64  `json:"budget,omitempty"`   // seconds of running that were planned with
	Runs       int      `json:"runs"`               // of each side
	Noise      float64  `json:"noise"`              // coefficient of variation, same against same
	Claim      string   `json:"claim"`              // faster, slower, same, unclear; "": sizes were tried and nothing was compared
	Wall       Change   `json:"wall"`               // per operation
	Throughput Change   `json:"throughput"`
	CPU        Change   `json:"cpu"` // per operation; zero where it could not be told
	Curve      []Point  `json:"curve,omitempty"`
	Size       int      `json:"size,omitempty"`    // smallest within the provable band of the best
	Unit       string   `json:"unit"`              // of Throughput and Curve: operations a second, or the benchmark's own rate
	Written    bool     `json:"written,omitempty"` // the edit is in the files
	Notes      []string `json:"notes,omitempty"`
}

// A Change is proposed ÷ present with its 95 % interval; P is the probability
// of such a difference between equals.
type Change struct {
	Ratio float64 `json:"ratio"`
	Span  Span    `json:"span"`
	P     float64 `json:"p"`
}

// A Point of the throughput curve. Span is the median's 95 % interval; sizes that
// were out after few runs have none.
type Point struct {
	Size int     `json:"size"`
	Ops  float64 `json:"ops"` // in Verified.Unit
	Span Span    `json:"span"`
	Runs int     `json:"runs,omitempty"`
}
