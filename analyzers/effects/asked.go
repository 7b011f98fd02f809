package effects

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// An Asked is a method of this package that a function of another one calls on what it is
// given, as fmt.Println calls String.
type Asked struct {
	Func *Func
	On   ast.Expr
}

// Asked returns the methods that a call is sure to lead to by its arguments. Those with a
// copy of the argument for a receiver are left out, and promoted ones.
func (r *Result) Asked(call *ast.CallExpr) (list []Asked) {
	if r.p == nil {
		return nil
	}
	fn := r.p.calleeOf(call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == r.p.types || call.Ellipsis.IsValid() {
		return nil
	}
	asks := r.p.base.Asks(SymbolOf(fn))
	if asks == nil {
		return nil
	}
	for i, x := range call.Args {
		for _, a := range asks.List {
			if i != a.Arg && !(a.Rest && i > a.Arg) || !r.p.printed(call, asks, i) {
				continue
			}
			obj, index, _ := types.LookupFieldOrMethod(r.p.prog.TypeOf(x), false, r.p.types, a.Method)
			m, ok := obj.(*types.Func)
			if !ok || !answersAsked(m.Signature(), a.Params) {
				continue
			}
			_, byPointer := types.Unalias(m.Signature().Recv().Type()).(*types.Pointer)
			if f := r.Func(m); f != nil && len(index) == 1 && byPointer {
				list = append(list, Asked{f, x})
			}
			break
		}
	}
	return list
}

// answersAsked reports whether a method has so many parameters and returns what those do that
// are asked: nothing, a text, an error, or bytes and an error.
func answersAsked(sig *types.Signature, params int) bool {
	var results []string
	for v := range sig.Results().Variables() {
		results = append(results, types.TypeString(v.Type(), nil))
	}
	switch strings.Join(results, ", ") {
	case "", "string", "error", "[]byte, error":
		return sig.Params().Len() == params
	}
	return false
}

// printed reports whether the format of a call, if it has one, prints argument i as text.
func (p *pkg) printed(call *ast.CallExpr, asks *knowledge.Asks, i int) bool {
	if asks.Format == knowledge.None {
		return true
	}
	if asks.Format >= len(call.Args) {
		return false
	}
	tv := p.info.Types[call.Args[asks.Format]]
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		return false
	}
	verbs := verbsOf(constant.StringVal(tv.Value))
	n := i - asks.Format - 1
	return n >= 0 && n < len(verbs) && strings.IndexByte("vsqxX", verbs[n]) >= 0
}

// verbsOf returns the verb of each operand of a format. From one that takes operands out of
// their order, or for a width, it stops.
func verbsOf(format string) (verbs []byte) {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		start := i
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.", format[i]) >= 0; i++ {
		}
		switch {
		case i == len(format) || format[i] == '*' || format[i] == '[':
			return verbs
		case format[i] == 'v' && strings.Contains(format[start:i], "#"):
			verbs = append(verbs, 'T') // Go syntax, which asks nobody for a text
		case format[i] != '%':
			verbs = append(verbs, format[i])
		}
	}
	return verbs
}
