package profile

import (
	"bytes"
	"strconv"
	"strings"
)

// Goroutine dumps are text: debug=1 counts goroutines by stack, debug=2 and a
// crash list each with the runtime's word for its state.
var (
	countedDump = lazy(`^(goroutine|goroutineleak) profile: total \d+`)
	listedDump  = lazy(`(?m)^goroutine \d+[^\n\[]* \[([^\]\n]*)\]:\r?$`)
)

// leakMark stands behind the state of a goroutine that never ends. The goroutineleak
// profile has it at debug=2, where it lists all others as well.
const leakMark = " (leaked)"

// isDump says whether a file that begins with head is a goroutine dump. A log
// may stand in front of a crash.
func isDump(head []byte) bool { return countedDump().Match(head) || listedDump().Match(head) }

// readDump reads a dump; lines that are not understood are passed over, since
// dumps are often cut out of logs.
func readDump(data []byte, b *Builder) *Source {
	d := &dump{b: b, src: &Source{Format: Goroutines}, set: NewStackSet(0)}
	if d.marked = bytes.Contains(data, []byte(leakMark+"]:\n")); d.marked || bytes.HasPrefix(data, []byte("goroutineleak")) {
		d.src.Format = LeakProfile
	}
	for line := range bytes.Lines(data) {
		d.line(strings.TrimRight(string(line), "\r\n"))
	}
	d.flush()
	d.src.Stacks = d.set.Stacks()
	if d.marked {
		d.src.note("goroutines that are not marked as leaked are left out")
	}
	if d.hidden {
		// Of a hundred goroutines in a snapshot, hardly one is running.
		d.src.note("a dump by debug=1 does not say who waits, so all goroutines count as waiting; debug=2 or none does")
	}
	d.src.note("a text dump has no start lines, so functions are known by name alone")
	return d.src
}

// A dump is what was read of the goroutine at hand.
type dump struct {
	b      *Builder
	src    *Source
	set    *StackSet
	count  int64 // goroutines with the stack at hand, 0 outside of one
	listed bool  // by debug=2
	hidden bool  // some was by debug=1, which leaves out the runtime's frames at the leaf
	marked bool  // those that never end are marked, and they alone count
	leaked bool  // the one at hand is
	reason string
	path   []FrameID
	name   string // of a listed frame whose place is in the next line
	elided bool   // its arguments are "...", which marks inlined calls
	last   bool   // what follows is where the goroutine was created
}

func (d *dump) line(line string) {
	if m := listedDump().FindStringSubmatch(line); m != nil {
		d.flush()
		d.count, d.listed = 1, true
		d.reason, _, _ = strings.Cut(m[1], ", ") // [chan receive, 5 minutes]
		d.reason, d.leaked = strings.CutSuffix(d.reason, leakMark)
		return
	}
	if n, _, ok := strings.Cut(line, " @ "); ok {
		if count, err := strconv.ParseInt(n, 10, 32); err == nil && count > 0 {
			d.flush()
			d.count, d.listed, d.hidden = count, false, true
			return
		}
	}
	switch {
	case d.count == 0 || d.last:
	case line == "":
		d.flush()
	case d.listed:
		d.listedLine(line)
	default:
		d.countedLine(line)
	}
}

// countedLine is like "#	0x47b1c8	main.work+0x28	/src/main.go:12".
func (d *dump) countedLine(line string) {
	f := strings.Split(strings.TrimPrefix(line, "#"), "\t")
	if len(f) < 4 || !strings.HasPrefix(f[1], "0x") {
		return // labels
	}
	name := f[2]
	if i := strings.LastIndex(name, "+0x"); i > 0 {
		name = name[:i]
	}
	d.frame(name, f[len(f)-1], false)
}

// listedLine is a function with arguments, or below it the place:
//
//	main.(*T).work(0xc000012345, {0x1, 0x2})
//		/src/main.go:12 +0x28
func (d *dump) listedLine(line string) {
	if place, ok := strings.CutPrefix(line, "\t"); ok {
		if d.name != "" {
			place, _, _ = strings.Cut(place, " +0x")
			d.frame(d.name, place, d.elided)
		}
		d.name = ""
		return
	}
	if strings.HasPrefix(line, "created by ") || strings.HasPrefix(line, "[originating from") {
		d.last = true
		return
	}
	if i := strings.LastIndexByte(line, '('); i > 0 {
		d.name, d.elided = line[:i], line[i:] == "(...)"
	}
}

func (d *dump) frame(name, place string, inlined bool) {
	file, n := place, 0
	if i := strings.LastIndexByte(place, ':'); i > 0 {
		if v, err := strconv.Atoi(place[i+1:]); err == nil && v >= 0 {
			file, n = place[:i], v
		}
	}
	d.path = append(d.path, d.b.Frame(Frame{Func: name, File: strings.TrimSpace(file), Line: n, Inlined: inlined}))
}

// flush adds the goroutines at hand.
func (d *dump) flush() {
	if d.count > 0 && len(d.path) > 0 {
		d.add()
	}
	d.count, d.reason, d.path, d.name, d.last = 0, "", d.path[:0], "", false
}

func (d *dump) add() {
	if d.marked && !d.leaked || stateOf(d.b.At(d.path[0]).Func) == observer {
		return
	}
	working := strings.HasPrefix(d.reason, "running") || strings.HasPrefix(d.reason, "runnable")
	own := false
	for _, id := range d.path {
		r := d.b.role(id)
		own = own || !r.runtime
		d.src.Test = d.src.Test || r.test
	}
	d.src.Samples += d.count
	if !own {
		return
	}
	w := Weights{Goroutines: d.count}
	if !working {
		w.Waits[d.b.kindOf(d.path, d.reason)].Count = d.count
	}
	d.set.Weights(d.set.Intern(d.path)).Add(&w)
}
