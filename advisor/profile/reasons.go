package profile

// reasons are the words of execution traces, old and new, and of the runtime's
// dumps. They say how a goroutine stands still, which is what is left when the
// stack does not.
var reasons = map[string]struct {
	op operation
	wait
}{
	"":                             {0, wait{Chan, "unknown"}},
	"network":                      {opPoll, wait{Net, "netpoller"}},
	"IO wait":                      {opPoll, wait{Net, "netpoller"}},
	"select":                       {opSelect, wait{Chan, "select"}},
	"select (no cases)":            {opSelect, wait{Idle, "for ever"}},
	"forever":                      {opSelect, wait{Idle, "for ever"}},
	"chan send":                    {opChan, wait{Chan, "channel send"}},
	"chan receive":                 {opChan, wait{Chan, "channel receive"}},
	"chan send (nil chan)":         {opChan, wait{Idle, "for ever"}},
	"chan receive (nil chan)":      {opChan, wait{Idle, "for ever"}},
	"sync":                         {opLock | opJoin, wait{Lock, "sync"}},
	"semacquire":                   {opLock | opJoin, wait{Lock, "sync"}},
	"sync.(*Cond).Wait":            {opJoin, wait{Join, "Cond"}},
	"sync.Cond.Wait":               {opJoin, wait{Join, "Cond"}},
	"sync.Mutex.Lock":              {opLock, wait{Lock, "Mutex"}},
	"sync.RWMutex.RLock":           {opLock, wait{Lock, "RWMutex"}},
	"sync.RWMutex.Lock":            {opLock, wait{Lock, "RWMutex"}},
	"sync.WaitGroup.Wait":          {opJoin, wait{Join, "WaitGroup"}},
	"sleep":                        {opSleep, wait{Sleep, "Sleep"}},
	"syscall":                      {opSyscall, wait{Syscall, "system call"}},
	"GC mark assist wait for work": {opMemory, wait{Memory, "assisting the collector"}},
	"GC assist wait":               {opMemory, wait{Memory, "assisting the collector"}},
	"GC assist marking":            {opMemory, wait{Memory, "assisting the collector"}},
	"GC weak to strong wait":       {opMemory, wait{Memory, "collector"}},
	"wait until GC ends":           {opMemory, wait{Memory, "runtime.GC"}},
	"wait for GC cycle":            {opMemory, wait{Memory, "runtime.GC"}},
	"preempted":                    {opMemory, wait{Memory, "scan of its stack"}}, // and not for another goroutine
	"garbage collection":           {opMemory, wait{Memory, "collector"}},
	"GC background sweeper wait":   {opJoin, wait{Idle, "sweeper"}},
	"GC sweep wait":                {opJoin, wait{Idle, "sweeper"}},
	"GC scavenge wait":             {opJoin, wait{Idle, "scavenger"}},
	"GC worker (idle)":             {opJoin, wait{Idle, "collector's worker"}},
	"GC worker (active)":           {opJoin, wait{Idle, "collector's worker"}},
	"system goroutine wait":        {opJoin, wait{Idle, "runtime"}},
	"force gc (idle)":              {opJoin, wait{Idle, "periodic collection"}},
	"finalizer wait":               {opJoin, wait{Idle, "finalizers"}},
	"cleanup wait":                 {opJoin, wait{Idle, "cleanups"}},
	"trace reader (blocked)":       {opJoin, wait{Idle, "reader of the trace"}},
}

// leaves are functions that are found on top of a stopped goroutine.
var leaves = map[string]state{
	"runtime.gopark":                                   waiting,
	"runtime.goparkunlock":                             waiting,
	"runtime.notetsleepg":                              waiting,
	"runtime.entersyscall":                             waiting,
	"runtime.exitsyscall":                              running,
	"runtime.asyncPreempt2":                            running,
	"runtime.asyncPreempt":                             running,
	"runtime.goyield":                                  running, // handed a lock over, and is ready
	"runtime.Gosched":                                  running,
	"runtime.goschedguarded":                           running,
	"runtime.cgocall":                                  inCgo,
	"runtime.goroutineProfileWithLabels":               observer,
	"runtime.goroutineProfileWithLabelsConcurrent":     observer,
	"runtime.pprof_goroutineProfileWithLabels":         observer,
	"runtime/pprof.runtime_goroutineProfileWithLabels": observer,
	"runtime.GoroutineProfile":                         observer,
	"runtime/pprof.writeGoroutineStacks":               observer,
	"runtime.Stack":                                    observer,
}

var syscallPackages = map[string]bool{
	"syscall": true, "internal/runtime/syscall": true, "internal/runtime/syscall/linux": true,
	"runtime/internal/syscall": true, "internal/syscall/unix": true, "golang.org/x/sys/unix": true,
}

// standard are the first elements of the standard library's import paths.
var standard = set("archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto", "database", "debug", "embed", "encoding",
	"errors", "expvar", "flag", "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os",
	"path", "plugin", "reflect", "regexp", "runtime", "slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "testing", "text",
	"time", "unicode", "unique", "unsafe", "weak")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
