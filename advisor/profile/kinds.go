package profile

import (
	"strings"
	"sync"
)

// An operation is how a goroutine came to stand still, as a set, so that rows of
// the table can ask for several.
type operation uint16

const (
	opSelect operation = 1 << iota
	opChan             // send or receive
	opLock             // Mutex and RWMutex
	opJoin             // WaitGroup and Cond
	opPoll             // the netpoller
	opSyscall
	opCgo
	opSleep
	opMemory

	opIO  = opPoll | opSyscall | opCgo
	opHop = opSelect | opChan | opJoin // another goroutine has to act
	// opOwn is all but what any code may run into, whatever it is there for.
	opOwn = opIO | opHop | opSleep
)

// A wait is what the table says about a stack: the kind, and in a few words
// what is waited for.
type wait struct {
	kind Kind
	what string
}

// kindOf is what a goroutine with this path, leaf first, waits for. reason is
// the recording's own word, such as "select"; "" in profiles.
func (b *Builder) kindOf(path []FrameID, reason string) Kind { return b.waitOf(path, reason).kind }

// waitOf goes from the leaf outwards as long as the frames belong to the
// standard library or to a package of the table, because code beyond that, such
// as a handler that a server calls, is not what the library waits in. Of the
// rows that say what a call does, the innermost counts: it does the waiting. Of
// those that say what a whole goroutine is for, the outermost.
func (b *Builder) waitOf(path []FrameID, reason string) wait {
	told, known := reasons[reason]
	if !known {
		told = reasons[""] // of a newer runtime
	}
	op, found := told.op, told.wait
	var byOp, inner, outer *row
	for _, id := range path {
		info := b.info(id)
		if info.op != nil && byOp == nil {
			byOp = info.op
			op, found = byOp.on, byOp.wait
		}
		if inner == nil {
			inner = matching(info.inner, op)
		}
		if r := matching(info.outer, op); r != nil {
			outer = r
		}
		if !info.library || info.callback {
			break
		}
	}
	switch {
	case op == opMemory:
		return found // whoever is caught by the collector
	case outer != nil:
		return outer.wait
	case inner != nil:
		return inner.wait
	}
	return found
}

// matching is the first row that is about op. An operation that is not known,
// of a trace without stack or a reader that left out the runtime's frames, is
// matched by every row.
func matching(rows []*row, op operation) *row {
	for _, r := range rows {
		if op == 0 || r.on&op != 0 {
			return r
		}
	}
	return nil
}

// table is the rows by function, made when the first stack is read: the command
// that the go command starts for each package reads none.
var table = sync.OnceValue(index)

type kindTable struct {
	ops          map[string]*row
	inner, outer map[string][]*row
	packages     map[string]bool // of the rows
}

func index() kindTable {
	t := kindTable{map[string]*row{}, map[string][]*row{}, map[string][]*row{}, map[string]bool{}}
	for i := range operations {
		t.ops[operations[i].fn] = &operations[i]
	}
	add := func(to map[string][]*row, rows []row) {
		for i := range rows {
			r := &rows[i]
			to[r.fn] = append(to[r.fn], r)
			t.packages[ParseName(r.fn).Package] = true
		}
	}
	add(t.inner, innerRows)
	add(t.outer, outerRows)
	for _, pkg := range [...]string{"syscall.", "golang.org/x/sys/unix."} {
		for _, f := range fileCalls {
			add(t.inner, []row{{pkg + f, opSyscall, wait{File, "file"}}})
		}
		for _, f := range netCalls {
			add(t.inner, []row{{pkg + f, opSyscall, wait{Net, "network"}}})
		}
	}
	return t
}

// funcInfo is what the table says about one function.
type funcInfo struct {
	op           *row // an operation's own function
	inner, outer []*row
	library      bool // the walk goes on beyond it
	callback     bool // calls the user's code: the walk ends here
}

func (b *Builder) info(id FrameID) *funcInfo {
	for int(id) >= len(b.infos) {
		b.infos = append(b.infos, nil)
	}
	if b.infos[id] == nil {
		name := b.frames[id].Func
		info, ok := b.byFunc[name]
		if !ok {
			info = lookUp(name)
			b.byFunc[name] = info
		}
		b.infos[id] = info
	}
	return b.infos[id]
}

// lookUp collects the rows for a function: its own first, then those for all
// methods of its type, then those for its package.
func lookUp(linker string) *funcInfo {
	n := ParseName(linker)
	pkg := canonical(n.Package)
	table := table()
	info := &funcInfo{library: isStandard(pkg) || pkg != "" && table.packages[pkg]}
	if n.Package == "" {
		info.library = true // C and assembly
	}
	keys := [...]string{pkg + "." + n.declared(), pkg + "." + typeOf(n) + ".*", pkg + ".*"}
	for _, key := range keys {
		info.inner = append(info.inner, table.inner[key]...)
		info.outer = append(info.outer, table.outer[key]...)
		if info.op == nil {
			info.op = table.ops[key]
		}
		info.callback = info.callback || callbacks[key]
	}
	// A trace leaves out the runtime's own frames, so that the leaf of a call of
	// C is what cgo made for it.
	if info.op == nil && (strings.HasPrefix(n.Func, "_Cfunc_") || strings.HasPrefix(n.Func, "_C2func_")) {
		info.op = table.ops["runtime.cgocall"]
	}
	return info
}

func typeOf(n Name) string {
	switch {
	case n.Recv == "":
		return "()"
	case n.Ptr:
		return "(*" + n.Recv + ")"
	}
	return "(" + n.Recv + ")"
}

// canonical takes from an import path what the same code is called elsewhere by:
// a vendor directory in front, a major version behind.
func canonical(pkg string) string {
	if i := strings.LastIndex(pkg, "vendor/"); i == 0 || i > 0 && pkg[i-1] == '/' {
		pkg = pkg[i+len("vendor/"):]
	}
	parts := strings.Split(pkg, "/")
	kept := parts[:0]
	for i, p := range parts {
		if v, ok := strings.CutPrefix(p, "v"); ok && i > 1 && isNumber(v) {
			continue
		}
		kept = append(kept, p)
	}
	return strings.Join(kept, "/")
}

// isStandard tells the standard library by the first element of the path. A
// module may be called "app" without a dot, but not like one of these.
func isStandard(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return standard[first]
}

// state is what a goroutine of a snapshot was about.
type state uint8

const (
	waiting  state = iota
	running        // or ready to run
	inCgo          // in C code, computing or waiting
	observer       // taking the snapshot
)

// stateOf tells it from the leaf, the only thing a snapshot says about it: who
// waits stands in the scheduler or in a system call; who computes was stopped
// anywhere.
func stateOf(leaf string) state {
	if s, ok := leaves[leaf]; ok {
		return s
	}
	n := ParseName(leaf)
	switch {
	case strings.HasPrefix(n.Func, "_Cfunc_"):
		return inCgo
	case syscallPackages[canonical(n.Package)]:
		return waiting
	}
	return running
}
