package profile

import "strings"

// role is what a function's presence on a stack says about the sample.
type role struct {
	runtime   bool // code of the runtime, not of the program
	collector bool
	test      bool
	lost      bool
}

// collectors are the functions below which the collector works.
var collectors = set("runtime.gcBgMarkWorker", "runtime.gcAssistAlloc", "runtime.gcAssistAlloc1", "runtime.gcDrain", "runtime.gcDrainN", "runtime.gcStart",
	"runtime.gcMarkDone", "runtime.gcMarkTermination", "runtime.GC", "runtime._GC", "runtime.bgsweep", "runtime.bgscavenge", "runtime.sweepone",
	"runtime.(*sweepLocked).sweep", "runtime.wbBufFlush", "runtime.wbBufFlush1", "runtime.gcWriteBarrier", "runtime.scanobject", "runtime.greyobject",
	"runtime.markroot", "runtime.scanstack", "runtime.(*pageAlloc).scavenge")

// testers run tests and benchmarks.
var testers = set("testing.tRunner", "testing.(*B).runN", "testing.(*B).launch", "testing.(*B).run1", "testing.(*M).Run")

// losers are made-up functions for samples whose stack was lost.
var losers = set("runtime/pprof.lostProfileEvent", "runtime._LostSIGPROFDuringAtomic64", "runtime._LostContendedRuntimeLock")

func (b *Builder) role(id FrameID) role {
	for int(id) >= len(b.roles) {
		b.roles = append(b.roles, nil)
	}
	if b.roles[id] == nil {
		r := roleOf(b.frames[id].Func)
		b.roles[id] = &r
	}
	return *b.roles[id]
}

func roleOf(linker string) role {
	declared, _, _ := strings.Cut(linker, ".func")
	pkg := ParseName(linker).Package
	return role{
		runtime:   pkg == "runtime" || strings.HasPrefix(pkg, "runtime/internal/") || strings.HasPrefix(pkg, "internal/runtime/"),
		collector: collectors[declared],
		test:      testers[declared],
		lost:      losers[declared],
	}
}
