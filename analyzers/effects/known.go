package effects

import (
	"go/ast"
	"go/types"
	"iter"

	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/program"
)

// callee is what is known of a function before its callers are looked at, from
// knowledge or a fact. Each callee is looked up once per package.
type callee struct {
	effect  *knowledge.Effect
	summary *Summary
	limiter string
	quiet   bool
	exits   bool             // it does not come back
	symbol  knowledge.Symbol // of what a variable holds, see fixed
}

// method is a method called on a type that got it by embedding.
type method struct {
	on *types.TypeName
	fn *types.Func
}

// known returns what is known of a function; nil where there is nothing.
func (p *pkg) known(fn *types.Func) *callee {
	if k, ok := p.knownFuncs[fn]; ok {
		return k
	}
	var k *callee
	if fn.Pkg() != nil { // not error.Error
		k = p.lookUp(fn, SymbolOf(fn), p.logs(fn))
	}
	p.knownFuncs[fn] = k
	return k
}

// knownOn returns what is known of a method called on a value of type t. What
// is said of t itself comes first: hash.Hash gets Write from io.Writer, and its
// Write computes.
func (p *pkg) knownOn(t types.Type, fn *types.Func) *callee {
	n := named(t)
	if n == nil || n.Obj().Pkg() == nil || fn.Signature().Recv() == nil {
		return p.known(fn)
	}
	if decl := named(fn.Signature().Recv().Type()); decl == nil || decl.Obj() == n.Obj() {
		return p.known(fn)
	}
	at := method{n.Obj(), fn}
	if k, ok := p.promoted[at]; ok {
		return k
	}
	k := p.known(fn)
	s := knowledge.Symbol{Path: n.Obj().Pkg().Path(), Type: n.Obj().Name(), Name: fn.Name()}
	if p.base.Names(s) {
		k = p.lookUp(fn, s, p.logs(fn))
	}
	p.promoted[at] = k
	return k
}

// lookUp reads knowledge of a symbol and the fact of an object: a function, or a variable
// that holds one.
func (p *pkg) lookUp(obj types.Object, s knowledge.Symbol, quiet bool) *callee {
	k := &callee{quiet: quiet}
	if p.base.Knows(s.Path) {
		k.quiet = k.quiet || p.base.Quiet(s)
		k.limiter = p.base.Limiter(s)
		k.effect = p.base.Effect(s)
		k.exits = k.effect != nil && k.effect.Exits
	}
	if k.quiet {
		k.effect = nil
	}
	if k.effect == nil && obj.Pkg() != p.types {
		if s := new(Summary); p.importFact(obj, s) {
			k.exits = k.exits || s.Mark&MarkExits != 0
			if !k.quiet {
				k.summary = s
			}
		}
	}
	if !k.quiet && k.effect == nil && k.summary == nil && k.limiter == "" && !k.exits {
		return nil
	}
	return k
}

// SymbolOf returns the knowledge symbol of a function or method. A method of
// an embedded interface is named at the interface that declares it.
func SymbolOf(fn *types.Func) knowledge.Symbol { return program.SymbolOf(fn) }

// logs reports whether fn belongs to somebody's own logger: they are everywhere and
// mean no work. A logger is known by its functions, one for each level, that take
// something to print and give nothing back: those of a type, or those of a package.
// Where there are others beside them, they alone print.
func (p *pkg) logs(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Results().Len() > 1 {
		return false
	}
	print := formatsAny(sig) || takesOnly(sig, isAny)
	if sig.Recv() == nil {
		return print && p.logger(fn.Pkg(), func() share { return levelsOf(functionsOf(fn.Pkg())) }) != none
	}
	n := named(sig.Recv().Type())
	if n == nil {
		return false
	}
	switch p.logger(n.Obj(), func() share { return levelsOf(methodsOf(n)) }) {
	case most:
		return true
	case some:
		return print || takesOnly(sig, isText)
	}
	return false
}

// A share says how many of the functions of a type or package print.
type share uint8

const (
	none share = iota
	some
	most
)

// logger remembers what is found out of a type or of the functions of a package.
func (p *pkg) logger(of any, find func() share) share {
	answer, asked := p.loggers[of]
	if !asked {
		answer = find()
		p.loggers[of] = answer
	}
	return answer
}

// leastLevels is how many functions that print make a logger.
const leastLevels = 3

// levelsOf looks for functions that print anything or, if there are no others, text.
func levelsOf(list iter.Seq[*types.Func]) share {
	all, lines, formats := 0, 0, 0
	for fn := range list {
		all++
		switch sig := fn.Signature(); {
		case formatsAny(sig):
			formats++
		case takesOnly(sig, isText):
			lines++
		}
	}
	switch n := formats + lines; {
	case n < leastLevels || formats == 0 && lines < all:
		return none
	case 2*n < all:
		return some
	}
	return most
}

// functionsOf gives the exported functions of a package.
func functionsOf(pkg *types.Package) iter.Seq[*types.Func] {
	return func(yield func(*types.Func) bool) {
		for _, name := range pkg.Scope().Names() {
			if fn, ok := pkg.Scope().Lookup(name).(*types.Func); ok && fn.Exported() && !yield(fn) {
				return
			}
		}
	}
}

// methodsOf gives the methods of a type that has them, or of an interface.
func methodsOf(n *types.Named) iter.Seq[*types.Func] {
	if iface, ok := n.Underlying().(*types.Interface); ok {
		return iface.Methods()
	}
	return n.Origin().Methods()
}

// formatsAny reports whether a function ends in ...any and gives nothing back.
func formatsAny(sig *types.Signature) bool {
	if sig.Results().Len() > 0 || !sig.Variadic() {
		return false
	}
	s, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	return ok && isAny(s.Elem())
}

// takesOnly reports whether a function has one parameter, of such a type, and gives
// nothing back.
func takesOnly(sig *types.Signature, is func(types.Type) bool) bool {
	return sig.Results().Len() == 0 && sig.Params().Len() == 1 && !sig.Variadic() && is(sig.Params().At(0).Type())
}

func isText(t types.Type) bool { return types.Identical(t, types.Typ[types.String]) }

func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

// calleeOf returns the function or method that c calls statically, or nil.
func (p *pkg) calleeOf(c *ast.CallExpr) *types.Func {
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		fn, _ := p.info.Uses[f].(*types.Func)
		return origin(fn)
	case *ast.SelectorExpr:
		fn, _ := p.info.Uses[f.Sel].(*types.Func)
		return origin(fn)
	case *ast.IndexExpr:
		return p.calleeOf(&ast.CallExpr{Fun: f.X})
	case *ast.IndexListExpr:
		return p.calleeOf(&ast.CallExpr{Fun: f.X})
	}
	return nil
}

func origin(fn *types.Func) *types.Func {
	if fn == nil {
		return nil
	}
	return fn.Origin()
}

// DisplayName names a function as people do: http.Get, http.(*Client).Do.
func DisplayName(fn *types.Func, from *types.Package) string {
	prefix := ""
	if fn.Pkg() != nil && fn.Pkg() != from {
		prefix = fn.Pkg().Name() + "."
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return prefix + fn.Name()
	}
	n := named(recv.Type())
	if n == nil {
		return prefix + fn.Name()
	}
	if _, ok := types.Unalias(recv.Type()).(*types.Pointer); ok {
		return prefix + "(*" + n.Obj().Name() + ")." + fn.Name()
	}
	return prefix + n.Obj().Name() + "." + fn.Name()
}
