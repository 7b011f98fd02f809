package effects

import (
	"go/types"
	"maps"
	"slices"

	"github.com/concurlint/concurlint/analyzers/directive"
)

// readMarks turns directives into summaries.
func (p *pkg) readMarks(set *directive.Set) {
	for fn, m := range set.Marks {
		s := markSummary(m, p.frame(m.Pos, "a directive on "+DisplayName(fn, p.types)))
		if f := p.decls[fn]; f != nil {
			f.Summary = *s
			f.Marked = m
			continue
		}
		p.marked[fn] = s
	}
	for _, d := range set.Params {
		s := p.marked[d.Func]
		if f := p.decls[d.Func]; f != nil {
			s = &f.Summary
		} else if s == nil {
			s = new(Summary)
			p.marked[d.Func] = s
		}
		if d.NonBlocking {
			s.NonBlocking |= 1 << d.N
		}
		if d.Offload {
			s.Offload |= 1 << d.N
		}
	}
}

func markSummary(m *directive.Mark, at Frame) *Summary {
	s := &Summary{}
	if m.NonBlocking {
		s.Mark |= MarkNonBlocking
	}
	if m.Offload {
		s.Mark |= MarkOffload
	}
	for _, name := range m.Blocking {
		if k, ok := KindOf(name); ok {
			s.Effects = append(s.Effects, Effect{Kind: k, Certainty: Always, Root: RootNone, Chain: []Frame{at}})
		}
	}
	if m.CPU {
		s.Effects = append(s.Effects, Effect{Kind: CPU, Weight: Costly, Certainty: Always, Root: RootNone, Chain: []Frame{at}})
	}
	return s
}

// promises is a fact of packages with interface methods that are marked
// nonblocking: their implementations elsewhere are to be checked. The methods
// are listed as Type.Method.
type promises struct{ Methods []string }

// AFact marks promises as a fact.
func (*promises) AFact() {}

// exportMarked publishes the marks on interface methods.
func (p *pkg) exportMarked() {
	var fact promises
	for _, fn := range slices.SortedFunc(maps.Keys(p.marked), func(a, b *types.Func) int { return int(a.Pos() - b.Pos()) }) {
		s := p.marked[fn]
		p.locate(s)
		p.pass.ExportObjectFact(fn, s)
		if n := named(fn.Signature().Recv().Type()); n != nil && s.Mark&MarkNonBlocking != 0 {
			fact.Methods = append(fact.Methods, n.Obj().Name()+"."+fn.Name())
		}
	}
	if len(fact.Methods) > 0 {
		slices.Sort(fact.Methods)
		p.pass.ExportPackageFact(&fact)
	}
}

// Promises returns the interface methods of another package that are marked
// nonblocking, as Type.Method.
func (r *Result) Promises(pkg *types.Package) []string {
	var fact promises
	if r.p == nil || !r.p.pass.ImportPackageFact(pkg, &fact) {
		return nil
	}
	return fact.Methods
}
