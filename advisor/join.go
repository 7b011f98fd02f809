package advisor

import (
	"path"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// A spot is where a frame lies in the source as it is now.
type spot struct {
	fn    int32 // index into Lint.Functions, or one of the values below
	lit   int16 // index into its Literals, -1 in its own body
	line  int32 // 0: not known
	dated bool  // the recording says at which line the function began
	same  bool  // and it begins there now
}

// Values of spot.fn for frames that have no function.
const (
	foreign = -1 // the standard library, dependencies, wrappers
	lost    = -2 // the program's own, but not among the functions
)

// join says of every frame where it lies. By name and by the distance from the
// beginning of the function, so that a recording of another commit leads to
// the right line unless the function itself was changed above it
// (cmd/internal/pgo does the same).
type join struct {
	ix    *index
	names map[string]profile.Name
	// starts are start lines by name, of the recordings that have them. Traces
	// have none, but a profile recorded beside one does.
	starts map[string]int
	alias  string // module path in the recordings, "" if it is the source's
	spots  []spot // by FrameID
}

func newJoin(ix *index, ev *profile.Evidence) *join {
	j := &join{ix: ix, names: map[string]profile.Name{}, starts: map[string]int{}}
	for _, f := range ev.Frames {
		if _, ok := j.names[f.Func]; !ok {
			j.names[f.Func] = parse(f.Func)
		}
		if f.StartLine > 0 && !assembly(f) {
			j.starts[f.Func] = f.StartLine
		}
	}
	j.alias = j.renamed(ev)
	j.spots = make([]spot, len(ev.Frames))
	for i, f := range ev.Frames {
		j.spots[i] = j.spot(f)
	}
	return j
}

// parse takes a name apart and removes the path of a vendor directory.
func parse(linker string) profile.Name {
	n := profile.ParseName(linker)
	if i := strings.LastIndex("/"+n.Package, "/vendor/"); i >= 0 {
		n.Package = n.Package[i+len("vendor/"):]
	}
	return n
}

// wrapper reports whether the compiler made the function: it has no source of
// its own, and its line is that of a go or defer statement that waits for nothing.
func wrapper(n profile.Name) bool {
	if len(n.Inner) == 0 {
		return strings.HasPrefix(n.Func, "_Cfunc_") || strings.HasPrefix(n.Func, "_cgo") || strings.HasPrefix(n.Func, "_Cgo")
	}
	last := n.Inner[len(n.Inner)-1]
	return last == "-fm" || strings.HasPrefix(last, "gowrap") || strings.HasPrefix(last, "deferwrap")
}

// assembly reports whether the code of a frame is assembly: its lines are of
// another file than the declaration.
func assembly(f profile.Frame) bool { return strings.HasSuffix(f.File, ".s") }

func (j *join) spot(f profile.Frame) spot {
	n := j.names[f.Func]
	if n.Package == "" || wrapper(n) {
		return spot{fn: foreign}
	}
	pkg, own := j.pkg(n.Package)
	if !own || path.Base(f.File) == "_testmain.go" {
		return spot{fn: foreign}
	}
	for _, d := range n.Declared() {
		if fn := j.declared(pkg, d, f, n); fn >= 0 {
			return j.place(fn, d, f, n)
		}
	}
	if strings.HasSuffix(f.File, "_test.go") {
		// The analyzers leave tests out unless they are told otherwise.
		return spot{fn: foreign}
	}
	return spot{fn: lost}
}

// pkg is the import path that the analyzers have for a recorded one.
func (j *join) pkg(recorded string) (string, bool) {
	if recorded == "main" || j.ix.pkgs[recorded] {
		return recorded, true
	}
	module := j.ix.lint.Module.Path
	if j.alias != "" && below(recorded, j.alias) {
		return module + recorded[len(j.alias):], true
	}
	return recorded, below(recorded, module)
}

// below reports whether a package belongs to the module of that path.
func below(pkg, module string) bool {
	rest, ok := strings.CutPrefix(pkg, module)
	return ok && module != "" && (rest == "" || rest[0] == '/')
}

// declared is the function with that name, or -1.
func (j *join) declared(pkg, name string, f profile.Frame, n profile.Name) int32 {
	if pkg == "main" {
		return j.ix.entry(name, f.File)
	}
	fn := j.ix.symbol(pkg, name)
	if fn >= 0 && len(n.Inner) > 0 && path.Base(j.ix.lint.Functions[fn].File) != path.Base(f.File) {
		// A literal was inlined into this function; its code is elsewhere.
		return -1
	}
	return fn
}

// place finds literal and line within the function.
func (j *join) place(fn int32, declared string, f profile.Frame, n profile.Name) spot {
	d := &j.ix.lint.Functions[fn]
	s := spot{fn: fn, lit: -1}
	if assembly(f) {
		return s
	}
	start := f.StartLine
	if start == 0 {
		start = j.starts[f.Func]
	}
	s.dated = start > 0
	if !n.Literal() {
		s.same = start == d.Line
		s.line = now(d.Line, d.EndLine, f.Line, start)
		return s
	}
	if i := j.named(d, declared, n); i >= 0 {
		l := d.Literals[i]
		s.lit, s.same = i, start == l.Line
		s.line = now(l.Line, l.EndLine, f.Line, start)
		return s
	}
	// Its number has changed or it is the body of a range-over-func loop: the
	// distance from the declared function leads there.
	s.line = now(d.Line, d.EndLine, f.Line, j.starts[n.Package+"."+spelled(declared)])
	if s.line > 0 {
		s.lit = j.ix.literal(fn, int(s.line))
		s.same = s.lit >= 0 && start == d.Literals[s.lit].Line
	}
	return s
}

// spelled is the declared name as the linker writes it: (T).M is T.M there.
func spelled(declared string) string {
	if rest, ok := strings.CutPrefix(declared, "("); ok && rest[0] != '*' {
		return strings.Replace(rest, ")", "", 1)
	}
	return declared
}

// named is the literal with the recorded name, or -1.
func (j *join) named(d *Function, declared string, n profile.Name) int16 {
	if len(d.Literals) == 0 {
		return -1
	}
	var parts []string
	for _, p := range n.Inner {
		switch {
		case p[0] == '-':
		case strings.HasPrefix(p, "func"), p[0] >= '0' && p[0] <= '9':
			parts = append(parts, p)
		default:
			parts = parts[:0] // inlined on the way: what follows is counted anew
		}
	}
	if len(parts) == 0 {
		return -1
	}
	tail := "." + strings.Join(parts, ".")
	for i, l := range d.Literals {
		if l.Name == declared+tail || l.Name == spelled(declared)+tail {
			return int16(i)
		}
	}
	return -1
}

// now is the line at which a recorded one lies now, 0 where that is not known:
// without a start line the source is taken for the same.
func now(line, end, recorded, start int) int32 {
	if start > 0 {
		recorded += line - start
	}
	if recorded < line || recorded > end {
		return 0
	}
	return int32(recorded)
}
