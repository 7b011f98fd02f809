package effects

import (
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/analysis"
)

// A packed pass keeps the summaries of its package in one Table, and reads those
// of others from theirs. What is known of which function is the same as with a
// fact for each: of functions only what direct imports say, of methods also what
// these have from packages below them.
type packed struct {
	pass   *analysis.Pass
	direct map[string]*Table // by path, of the packages that are imported
	own    *tableWriter
}

// pack returns the pass with summaries in tables. They are published when write
// is called.
func pack(pass *analysis.Pass) (with *analysis.Pass, write func()) {
	p := &packed{pass: pass, direct: make(map[string]*Table), own: newTableWriter()}
	for _, imp := range pass.Pkg.Imports() {
		t := new(Table)
		pass.ImportPackageFact(imp, t)
		p.direct[imp.Path()] = t
	}
	c := *pass
	c.ImportObjectFact, c.ExportObjectFact = p.read, p.add
	return &c, p.write
}

// read reads a summary from the tables; facts of another type are few, and go the
// usual way.
func (p *packed) read(obj types.Object, into analysis.Fact) bool {
	if _, ok := into.(*Summary); !ok {
		return p.pass.ImportObjectFact(obj, into)
	}
	if obj.Pkg() == nil {
		return false
	}
	sym, ok := symbolIn(obj)
	if !ok {
		return false
	}
	s := p.find(obj.Pkg().Path(), sym)
	if s == nil {
		return false
	}
	*into.(*Summary) = *s
	return true
}

func (p *packed) find(path string, sym symbol) *Summary {
	if t := p.direct[path]; t != nil {
		return t.find(path, sym)
	}
	if sym.typ == "" {
		return nil
	}
	for _, t := range p.direct { // all say the same
		if s := t.find(path, sym); s != nil {
			return s
		}
	}
	return nil
}

// symbolIn names what others can name: package-level functions and variables, and methods
// of package-level types.
func symbolIn(obj types.Object) (symbol, bool) {
	fn, ok := obj.(*types.Func)
	if !ok {
		return symbol{name: obj.Name()}, obj.Exported()
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return symbol{name: fn.Name()}, fn.Exported()
	}
	n := named(recv.Type())
	if n == nil || n.Obj().Parent() != fn.Pkg().Scope() {
		return symbol{}, false
	}
	return symbol{n.Obj().Name(), fn.Name()}, true
}

func (p *packed) add(obj types.Object, f analysis.Fact) {
	s, ok := f.(*Summary)
	if !ok {
		p.pass.ExportObjectFact(obj, f)
		return
	}
	if sym, ok := symbolIn(obj); ok {
		p.own.section(p.pass.Pkg.Path())[sym] = p.own.encoded(s)
	}
}

// write publishes the table, with what is passed on.
func (p *packed) write() {
	var within *Reach
	for _, path := range slices.Sorted(maps.Keys(p.direct)) {
		t, numbers := p.direct[path], make(map[uint32]uint32)
		for _, of := range slices.Sorted(maps.Keys(t.packages)) {
			if of != path && p.direct[of] != nil {
				continue // a direct import speaks for itself
			}
			if within == nil {
				within = ReachOf(p.pass.Pkg)
			}
			p.passOn(t, of, within.types[of], numbers)
		}
	}
	if t := p.own.table(); t != nil {
		p.pass.ExportPackageFact(t)
	}
}

// passOn adds the methods of types of another package.
func (p *packed) passOn(t *Table, path string, types map[string]bool, numbers map[uint32]uint32) {
	if len(types) == 0 {
		return
	}
	section := p.own.section(path)
	for _, e := range t.packages[path] {
		sym := t.symbol(e)
		if _, ok := section[sym]; ok || !types[sym.typ] {
			continue
		}
		n, ok := numbers[e.summary]
		if !ok {
			s := t.decode(e.summary)
			if s == nil {
				continue
			}
			n = p.own.encoded(s)
			numbers[e.summary] = n
		}
		section[sym] = n
	}
}
