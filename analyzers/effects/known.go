package effects

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// callee is what is known of a function before its callers are looked at, from
// knowledge or a fact. Each callee is looked up once per package.
type callee struct {
	effect  *knowledge.Effect
	summary *Summary
	symbol  knowledge.Symbol
	limiter string
	quiet   bool
}

// known returns what is known of a function of another package; nil where
// there is nothing.
func (p *pkg) known(fn *types.Func) *callee {
	if k, ok := p.knownFuncs[fn]; ok {
		return k
	}
	k := p.lookUp(fn)
	p.knownFuncs[fn] = k
	return k
}

func (p *pkg) lookUp(fn *types.Func) *callee {
	if fn.Pkg() == nil { // error.Error
		return nil
	}
	k := &callee{symbol: SymbolOf(fn)}
	k.quiet = p.base.Quiet(k.symbol) || loggerMethod(fn)
	k.limiter = p.base.Limiter(k.symbol)
	if k.quiet {
		return k
	}
	if k.effect = p.base.Effect(k.symbol); k.effect == nil && fn.Pkg() != p.types {
		s := new(Summary)
		if p.importFact(fn, s) {
			k.summary = s
		}
	}
	if k.effect == nil && k.summary == nil && k.limiter == "" {
		return nil
	}
	return k
}

// SymbolOf returns the knowledge symbol of a function or method. A method of
// an embedded interface is named at the interface that declares it.
func SymbolOf(fn *types.Func) knowledge.Symbol {
	s := knowledge.Symbol{Path: fn.Pkg().Path(), Name: fn.Name()}
	if recv := fn.Signature().Recv(); recv != nil {
		if n := named(recv.Type()); n != nil {
			s.Type = n.Obj().Name()
		}
	}
	return s
}

// loggerMethod reports whether fn is a method of somebody's own logger: they
// are everywhere and mean no work.
func loggerMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil {
		return false
	}
	n := named(recv.Type())
	if n == nil {
		return false
	}
	name := n.Obj().Name()
	return strings.HasSuffix(name, "Logger") || strings.HasSuffix(name, "logger") || name == "Log"
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
