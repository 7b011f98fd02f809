package program

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// A Sizing is a fact: what other packages need to know of the number that a
// function returns, or a field or variable holds, and of what they size.
type Sizing struct {
	Value *Number // of the first result, the field or the variable, where that is told
	CPUs  bool    // it is worked out from what NumCPU says
	Unset bool    // it is 0 unless somebody chooses a value
	Asked bool    // a condition looks whether it is 0
	Sizes []Sized // by argument; for a field or variable only one, at 0

	Pieces *Pieces // of the slice that a function returns, where an argument says how many
}

// AFact marks Sizing as a fact.
func (*Sizing) AFact() {}

// String is for tests and for people who look for a mistake.
func (s *Sizing) String() string {
	out := ""
	if s.Value != nil {
		out = s.Value.String()
	}
	for _, z := range s.Sizes {
		out += " sizes " + z.Of.String() + " by " + string(rune('0'+z.Arg%10))
	}
	return out
}

// Sized says that a number sizes something.
type Sized struct {
	Arg   int // which argument it is; Own for a size that the function says itself
	Of    Kind
	Stuck bool // where it is 0 nothing runs
	// Asked says that the function looks whether it is 0, Fails that it returns an
	// error then.
	Asked, Fails bool
	Own          *Number // where Arg is Own
	Low          *Number // what takes the place of an argument below 1, where that is known
}

// Own is the Arg of a size that no argument says.
const Own = -1

// A Kind is what a number sizes.
type Kind uint8

// The kinds.
const (
	Group Kind = iota
	Semaphore
	Pool
	Workers
	Counter // of those who wait until it is lower
)

// String names what is sized, for people.
func (k Kind) String() string {
	return [...]string{"the group's limit", "the semaphore's capacity", "the pool", "the number of workers", "the limit"}[k]
}

// fact returns what is known of an object of another package, or nil.
func (p *Program) fact(obj types.Object) *Sizing {
	if p.Import == nil || obj == nil || obj.Pkg() == nil || obj.Pkg() == p.pkg {
		return nil
	}
	s := new(Sizing)
	if !p.Import(obj, s) {
		return nil
	}
	return s
}

// Sized returns the arguments of a function of another package that size
// something, nil for none.
func (p *Program) Sized(fn *types.Func) []Sized {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == p.pkg {
		return nil
	}
	fn = fn.Origin()
	list, ok := p.sized[fn]
	if !ok {
		list = p.sizedBy(fn)
		p.sized[fn] = list
	}
	return list
}

func (p *Program) sizedBy(fn *types.Func) []Sized {
	if p.Base != nil && p.Base.Knows(fn.Pkg().Path()) {
		if z, ok := p.library(fn); ok {
			return []Sized{z}
		}
	}
	if s := p.fact(fn); s != nil {
		return s.Sizes
	}
	return nil
}

// SizedField returns what a field or variable of another package sizes, or nil.
func (p *Program) SizedField(v *types.Var) *Sized {
	if s := p.fact(v); s != nil && len(s.Sizes) > 0 {
		return &s.Sizes[0]
	}
	return nil
}

// library returns what a function that knowledge names sizes.
func (p *Program) library(fn *types.Func) (Sized, bool) {
	s := SymbolOf(fn)
	if arg, isGroup, ok := p.Base.Sizes(s); ok {
		of := Pool
		if isGroup {
			of = Group
		}
		// What other pools do with 0 is their affair.
		return Sized{Arg: arg, Of: of, Stuck: fn.FullName() == "(*golang.org/x/sync/errgroup.Group).SetLimit"}, true
	}
	if fn.Signature().Recv() != nil || fn.Signature().Results().Len() == 0 || fn.Signature().Params().Len() == 0 || !isInteger(fn.Signature().Params().At(0).Type()) {
		return Sized{}, false
	}
	n := NamedOf(fn.Signature().Results().At(0).Type())
	if n == nil || !p.Base.IsSemaphore(s.Path, n.Obj().Name()) {
		return Sized{}, false
	}
	return Sized{Of: Semaphore, Stuck: true}, true
}

// SymbolOf returns the name of a function that knowledge goes by.
func SymbolOf(fn *types.Func) knowledge.Symbol {
	s := knowledge.Symbol{Path: fn.Pkg().Path(), Name: fn.Name()}
	if recv := fn.Signature().Recv(); recv != nil {
		if n := NamedOf(recv.Type()); n != nil {
			s.Type = n.Obj().Name()
		}
	}
	return s
}

// NamedOf returns the named type that t, which may be nil, is or points to, or nil.
func NamedOf(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	t = types.Unalias(t)
	if ptr, ok := t.(*types.Pointer); ok {
		t = types.Unalias(ptr.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

// sizing returns the number that a call says what it makes is sized by, and the
// expression where there is one.
func (ev *evaluator) sizing(c *ast.CallExpr) (Places, bool) {
	if ev.p.Builtin(c) == "make" {
		if len(c.Args) < 2 {
			return Places{}, false
		}
		return Places{ev.number(c.Args[1]), c.Args[1]}, true
	}
	for _, z := range ev.p.Sized(ev.p.Callee(c)) {
		switch {
		case z.Arg == Own:
			return ev.chosen(c, *z.Own), true
		case z.Arg < len(c.Args):
			return Places{ev.sized(z, c.Args[z.Arg]), c.Args[z.Arg]}, true
		}
	}
	if n, ok := ev.ofType(ev.p.info.TypeOf(c)); ok {
		return ev.chosen(c, n), true
	}
	return Places{}, false
}
