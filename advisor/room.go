package advisor

import (
	"fmt"
	"slices"

	"github.com/concurlint/concurlint/advisor/profile"
)

const (
	// freeFiles is the share of the descriptors left that tasks are to have: logs,
	// look-ups and the tasks' second ones need some.
	freeFiles = 0.8
	// freeMemory is the share of the memory left that tasks are to have: at GOGC=100
	// the heap grows to twice what is in use before it is collected.
	freeMemory = 0.5
)

// left is what tasks in flight may have of a room together: all but what the process
// has beside them.
func left(r profile.Room, ofTasks float64) float64 {
	return max(0, float64(r.Max)-max(0, float64(r.Held)-ofTasks))
}

// reason says what a room is, and how much of it was taken.
func reason(what, by string, held int64, format func(float64) string) string {
	if held > 0 {
		what += ", had " + format(float64(held))
	}
	return what + " (" + by + ")"
}

// files is the cap of open files: what waits for the world outside has one each at
// least. There is none where the limit is not known.
func (a *analysis) files(s *siteWeight, c *cost) (Cap, bool) {
	room := a.ev.Limits.Files
	if n := a.opts.Descriptors; n > 0 {
		room.Max, room.By = int64(n), "-descriptors"
	}
	if !c.opensFiles() || room.Max == 0 {
		return Cap{}, false
	}
	size := max(1, int(freeFiles*left(room, a.inFlight(s))))
	what := fmt.Sprintf("the process may open %d files", room.Max)
	return Cap{"descriptors", size, reason(what, room.By, room.Held, number)}, true
}

// opensFiles reports whether tasks wait for what a descriptor stands for.
func (c *cost) opensFiles() bool {
	return c.wait[profile.Net][1]+c.wait[profile.File][1]+c.wait[profile.Proc][1] > 0
}

// assumed bounds sizes where nobody knows how many files the process may open: by the
// least that systems ship, as long as nothing shows it to have more. It is no cap: what
// rests on it says so. It is 0 where there is nothing to be assumed.
func (a *analysis) assumed(s *siteWeight, c *cost, now int) int {
	_, known := a.files(s, c)
	most := int(freeFiles * float64(a.th.Descriptors))
	if peak, _ := a.peak(s); known || !c.opensFiles() || max(now, int(peak)) > most {
		return 0
	}
	return most
}

// megabytes are bytes for people.
func megabytes(bytes float64) string { return number(bytes/1e6) + " MB" }

// memory is the cap of memory by what the tasks' code has allocated and is in use yet.
// There is none without a heap profile under load or without a limit.
func (a *analysis) memory(s *siteWeight) (k Cap, ok bool) {
	inFlight := a.inFlight(s)
	held := float64(s.tasks.inUse)
	if held == 0 || inFlight <= 0 {
		return Cap{}, false
	}
	each := held / max(1, inFlight)
	why := fmt.Sprintf("a task in flight holds %s at most: what its code allocated and is in use yet", megabytes(each))
	if a.opts.Memory > 0 {
		return Cap{"memory", max(1, int(float64(a.opts.Memory)/each)), why}, true
	}
	room := a.ev.Limits.Memory
	if room.Max == 0 {
		return Cap{}, false
	}
	size := max(1, int(freeMemory*left(room, held)/each))
	return Cap{"memory", size, why + "; " + reason("the process may have "+megabytes(float64(room.Max)), room.By, room.Held, megabytes)}, true
}

// allocates is the most that a task can hold at once by what it allocated in all its
// life, and how much there is for all of them. It is known where the profile of
// allocations covers the same tasks that were counted, as that of a benchmark does.
func (p *proposal) allocates(a *analysis) (each, room float64) {
	room = float64(a.opts.Memory)
	if room == 0 {
		room = freeMemory * left(a.ev.Limits.Memory, 0)
	}
	var tasks float64
	for _, g := range p.groups {
		tasks += float64(g.Started+g.Ended) / 2
	}
	if p.cost.tasks == 0 {
		return 0, room
	}
	return ratio(float64(p.tasks.allocated), tasks), room
}

// unsaid adds to what is not known the caps that an advised size may meet and that
// nobody has measured.
func (p *proposal) unsaid(a *analysis) {
	add := func(format string, args ...any) { p.Unknown = append(p.Unknown, fmt.Sprintf(format, args...)) }
	if n := p.Recommend.Max; n > 0 && n == p.assumed && p.Action != actKeep {
		add("how many files the process may open: the size stays within %d, the least that systems ship; -descriptors N says otherwise", a.th.Descriptors)
	}
	capped := slices.ContainsFunc(p.Caps, func(k Cap) bool { return k.What == "memory" })
	if capped || p.Recommend.Executor != "io" || p.Action != actMore && p.Action != actConcurrent {
		return
	}
	inFlight := a.inFlight(p.siteWeight)
	each, room := p.allocates(a)
	all := each * float64(max(p.Recommend.Min, p.Recommend.Max))
	switch {
	case a.basis.knows.heap && p.tasks.inUse == 0: // less than a sample of all that is in use
	case p.tasks.inUse > 0 && inFlight > 0:
		add("how much memory there is: a task in flight holds %s at most; -memory SIZE says it", megabytes(float64(p.tasks.inUse)/max(1, inFlight)))
	case each > 0 && room > 0 && all <= room:
		p.Because = append(p.Because, fmt.Sprintf("memory is no cap: a task allocates %s in all, and %s are there for all of them", megabytes(each), megabytes(room)))
	case each > 0:
		add("whether memory is the cap: a task allocates %s in all, and how much of it is in use at once a heap profile taken under load says, with -memory SIZE", megabytes(each))
	default:
		add("how much memory a task in flight holds: a heap profile taken under load says it, with -memory SIZE")
	}
}
