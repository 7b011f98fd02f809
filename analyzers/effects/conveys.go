package effects

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file follows readers and writers whose type does not tell what they read or write
// out of the function, and out of the package, that has made them.

// conveys is a fact of functions and exported fields: what the first result, or the
// field, reads and writes.
type conveys struct {
	Kind string // on its own: net, file …
	Args Args   // the parameters that it is made from
}

// AFact marks conveys as a fact.
func (*conveys) AFact() {}

// veiled reports whether a type leaves open what its values read or write.
func (p *pkg) veiled(t types.Type) bool { return p.wrapper(t) || plainIO(t) }

// conveysOf returns what is known of the first result of a function, or nil.
func (p *pkg) conveysOf(fn *types.Func) *conveys {
	results := fn.Signature().Results()
	if results.Len() == 0 || !p.veiled(results.At(0).Type()) {
		return nil
	}
	if c, ok := p.conveyed[fn]; ok {
		return c
	}
	p.conveyed[fn] = nil // for a function that calls itself
	var c *conveys
	if f := p.decls[fn]; f != nil {
		c = p.returnsOf(f)
	} else {
		c = p.conveysFrom(fn)
	}
	p.conveyed[fn] = c
	return c
}

// conveysFrom returns what another package says of its function or field, or nil.
func (p *pkg) conveysFrom(obj types.Object) *conveys {
	c := new(conveys)
	if obj.Pkg() == nil || obj.Pkg() == p.types || !p.pass.ImportObjectFact(obj, c) {
		return nil
	}
	return c
}

// returnsOf reads what the return statements of f give.
func (p *pkg) returnsOf(f *Func) *conveys {
	if f.Body() == nil {
		return nil
	}
	var list []carrier
	for _, r := range program.Returns(f.Body()) {
		if len(r.Results) > 0 {
			// Whoever asks first must not decide how far is looked.
			saved := p.steps
			p.steps = 0
			list = append(list, p.carriers(f, r.Results[0], 1)...)
			p.steps = saved
		}
	}
	return p.conveysAll(f, list)
}

// conveysAll says what carriers are on for who does not see them.
func (p *pkg) conveysAll(f *Func, list []carrier) *conveys {
	var c conveys
	for _, cr := range list {
		if u := cr.use; u != nil && u.owner == f && u.Arg >= 0 && u.Arg < 8 && !p.told(cr.typ, streamMethods[:2]...) {
			c.Args |= 1 << u.Arg
			continue
		}
		name := p.kindOn(cr)
		if kind, ok := KindOf(name); ok {
			if old, had := KindOf(c.Kind); !had || kind < old {
				c.Kind = name
			}
		}
	}
	if c == (conveys{}) {
		return nil
	}
	return &c
}

// kindOn is the kind of wait to read or write through a carrier, or empty.
func (p *pkg) kindOn(cr carrier) string {
	if cr.eff != nil {
		return first(cr.eff.Kinds)
	}
	for _, m := range streamMethods[:2] {
		obj, _, _ := types.LookupFieldOrMethod(cr.typ, true, p.types, m)
		if fn, ok := obj.(*types.Func); ok {
			if k := p.knownOn(cr.typ, fn.Origin()); k != nil && k.effect != nil {
				return first(k.effect.Kinds)
			}
		}
	}
	return ""
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// conveyedBy returns the carriers of a call of a function that is known to convey
// something.
func (p *pkg) conveyedBy(fn *Func, known *conveys, callee *types.Func, c *ast.CallExpr, depth int) []carrier {
	var all []carrier
	if known.Kind != "" {
		all = append(all, on(known.Kind, DisplayName(callee, p.types), RootNone))
	}
	for n, a := range c.Args {
		if known.Args.Has(n) {
			all = append(all, p.carriers(fn, a, depth+1)...)
		}
	}
	return all
}

// on is the carrier of what waits for something of a kind.
func on(kind, sym string, root Root) carrier {
	return carrier{eff: &knowledge.Effect{Kinds: []string{kind}, Const: knowledge.None}, sym: sym, root: root}
}

// exportFields publishes what the exported fields of the package's types read and write.
func (p *pkg) exportFields() {
	for _, tn := range p.prog.Types() {
		if !tn.Exported() {
			continue
		}
		st, ok := tn.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for v := range st.Fields() {
			if !v.Exported() || v.Pkg() != p.types || !p.veiled(v.Type()) {
				continue
			}
			p.steps = 0
			if c := p.conveysAll(nil, p.assigned(nil, v, 1)); c != nil {
				p.pass.ExportObjectFact(v, c)
			}
		}
	}
}
