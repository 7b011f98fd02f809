package locks

import (
	"cmp"
	"go/types"
	"slices"
	"strings"
)

// Dealings are the fact of a function, a field or a variable that other packages can
// name. All lists are sorted and without duplicates, and cut to most entries.
type Dealings struct {
	Takes []Taken  // locks that the function takes on its main path, and does not hold before
	Runs  []Run    // places whose functions it calls before it returns
	Makes []string // types, each the Among of some Hold, of which it returns a value behind an interface
	Given []Given  // what becomes of its arguments; of a field or variable, of its value
}

// AFact marks Dealings as a fact.
func (*Dealings) AFact() {}

// Telling is the fact of a package that has Dealings. Most have none, and need not be
// asked for each of their functions.
type Telling struct{ Objects int }

// AFact marks Telling as a fact.
func (*Telling) AFact() {}

// A Lock is a mutex that a function takes or holds.
type Lock struct {
	Name string // as Result.Name has it
	In   string // the Instance that has it; "" for any
	Read bool
}

// Excludes reports whether who holds l keeps out who takes o. Locks of two instances of a
// generic type are two.
func (l Lock) Excludes(o Lock) bool {
	return l.Name == o.Name && !Apart(l.In, o.In) && !(l.Read && o.Read)
}

// Of returns the lock as a value of the type has it.
func (l Lock) Of(value types.Type) Lock {
	if l.In == "" {
		l.In = Instance(value)
	}
	return l
}

// A Run is a place whose functions are called, and the Instance that keeps it, "" for any.
type Run struct{ Place, In string }

// Short is the name without the path before the package.
func (l Lock) Short() string { return l.Name[strings.LastIndexByte(l.Name, '/')+1:] }

// A Taken is a lock that a function takes. One of an element of a collection is none: which
// element that is, a caller cannot know.
type Taken struct {
	Lock
	Of int // position of the argument that has it, ofReceiver or ofOther
}

// OfReceiver reports whether the value that the function is called of has the lock.
func (t Taken) OfReceiver() bool { return t.Of == ofReceiver }

// What else than an argument may have a lock.
const (
	ofReceiver = -1
	ofOther    = -2 // a variable of the package, or what a call has given
)

// A Given says that an argument is called, or a method of it.
type Given struct {
	Arg    int    // position; -1 for a field or variable
	Method string // of an interface; "" for a function
	Place  string // where it is kept; "" for what is called before the function returns
	Under  []Hold // locks that are held there
}

// A Hold is a lock under which something is called.
type Hold struct {
	Lock
	By     string // the function that holds it, for people
	Wanted bool   // short work, which comes again and again, has to wait meanwhile
	Maker  bool   // By makes the value that has the lock, in a literal of which it is held
	On     string // the Instance that keeps what is run, "" for any
	Among  string // of an interface, of which other implementations here run it under no lock: the type that does
}

// Cause names what makes all findings about one lock, whichever methods of its package hold it
// while they run what others implement: that package can let go of it first, in all of them.
func (h Hold) Cause() string { return h.Name }

// most bounds each list of a fact. What goes on for longer than that is a package whose
// locks are everywhere, of which one is as good as another: with 2, 8 and 64 the findings
// on three large programs are the same.
const most = 8

func compareTaken(a, b Taken) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.In, b.In), cmp.Compare(a.Of, b.Of), truth(a.Read, b.Read))
}

func compareRuns(a, b Run) int {
	return cmp.Or(strings.Compare(a.Place, b.Place), strings.Compare(a.In, b.In))
}

// compareHolds puts locks in the order of their names, and of two holds of one lock first
// the one that surely is there, and that keeps more people waiting.
func compareHolds(a, b Hold) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), truth(a.Maker, b.Maker), strings.Compare(a.On, b.On), strings.Compare(a.Among, b.Among), truth(b.Wanted, a.Wanted), truth(a.Read, b.Read), strings.Compare(a.By, b.By))
}

func compareGiven(a, b Given) int {
	return cmp.Or(cmp.Compare(a.Arg, b.Arg), strings.Compare(a.Method, b.Method), strings.Compare(a.Place, b.Place))
}

// truth puts false before true.
func truth(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// add notes a Given as it is found. Two that differ in their locks alone are one.
func (d *Dealings) add(g Given) {
	i := slices.IndexFunc(d.Given, func(o Given) bool { return compareGiven(o, g) == 0 })
	if i < 0 {
		d.Given = append(d.Given, g)
		return
	}
	o := &d.Given[i]
	o.Under = append(o.Under[:len(o.Under):len(o.Under)], g.Under...)
}

// settle puts the lists, which grow as things are found, in the form of the fact: what
// is told does not depend on what was found first.
func (d *Dealings) settle() {
	d.Takes = settled(d.Takes, compareTaken, func(a, b Taken) bool { return a.Name == b.Name && a.In == b.In && a.Of == b.Of })
	d.Runs = settled(d.Runs, compareRuns, func(a, b Run) bool { return a == b })
	d.Makes = settled(d.Makes, strings.Compare, func(a, b string) bool { return a == b })
	for i := range d.Given {
		g := &d.Given[i]
		g.Under = settled(g.Under, compareHolds, func(a, b Hold) bool {
			return a.Name == b.Name && a.Read == b.Read && a.On == b.On && a.Among == b.Among && (!a.Maker || a.By == b.By)
		})
	}
	d.Given = settled(d.Given, compareGiven, func(Given, Given) bool { return false })
}

// rename gives all locks, places and types other names, in lists of its own.
func (d *Dealings) rename(name func(string) string) {
	d.Takes, d.Runs, d.Makes, d.Given = slices.Clone(d.Takes), slices.Clone(d.Runs), slices.Clone(d.Makes), slices.Clone(d.Given)
	for i := range d.Takes {
		d.Takes[i].Name = name(d.Takes[i].Name)
	}
	for i := range d.Runs {
		d.Runs[i].Place = name(d.Runs[i].Place)
	}
	for i := range d.Makes {
		d.Makes[i] = name(d.Makes[i])
	}
	for i := range d.Given {
		g := &d.Given[i]
		g.Place, g.Under = name(g.Place), slices.Clone(g.Under)
		for j := range g.Under {
			g.Under[j].Name, g.Under[j].Among = name(g.Under[j].Name), name(g.Under[j].Among)
		}
	}
}

// within takes the path of the fact's own package off the front of a name, which all of
// its names would repeat, and whole puts it there again.
func within(path string) func(string) string {
	return func(name string) string {
		if own, ok := strings.CutPrefix(name, path+"."); ok && !strings.Contains(own, "/") {
			return "." + own
		}
		return name
	}
}

func whole(path string) func(string) string {
	return func(name string) string {
		if strings.HasPrefix(name, ".") {
			return path + name
		}
		return name
	}
}

// settled sorts a list, keeps the first of those that are the same, and cuts it.
func settled[T any](list []T, compare func(a, b T) int, same func(a, b T) bool) []T {
	list = slices.Clone(list)
	slices.SortFunc(list, compare)
	list = slices.CompactFunc(list, same)
	return slices.Clip(list[:min(len(list), most)])
}
