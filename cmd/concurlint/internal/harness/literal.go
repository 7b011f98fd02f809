package harness

import (
	"fmt"
	"go/types"
	"strings"
)

// Literal is the function as package executor takes it: itself, or a literal
// around it. Alone: it is not one stage of several, so that a function without
// result can be run by ForEach.
func (fn *Function) Literal(alone bool) string {
	call := fn.pkg.Name + "." + fn.name
	form, results, _ := strings.Cut(fn.Adapter, "_")
	if form == "CT" && (results == "RE" || results == "E" && alone) {
		return call
	}
	var args []string
	ctx := "_"
	if fn.HasContext() {
		ctx, args = "ctx", []string{"ctx"}
	}
	params := ctx + " context.Context, "
	if fn.stateful {
		list := vars(fn.sig.Params())
		params += "s " + typeText(list[len(list)-2]) + ", "
		args = append(args, "s")
	}
	params += "in " + typeText(fn.in)
	call += "(" + strings.Join(append(args, "in"), ", ") + ")"
	do := fmt.Sprintf("func(%s) %s", params, body(call, results, fn.out, alone && !fn.stateful))
	if !fn.stateful {
		return do
	}
	return fmt.Sprintf("executor.PerWorker(%s, %s)", fn.openText(), do)
}

// body is the results and the body of a literal that makes a call.
func body(call, results string, out types.Type, alone bool) string {
	if out == nil && alone {
		if results == "E" {
			return fmt.Sprintf("error { return %s }", call)
		}
		return fmt.Sprintf("error { %s; return nil }", call)
	}
	r := "struct{}"
	if out != nil {
		r = typeText(out)
	}
	switch results {
	case "":
		return fmt.Sprintf("(%s, error) { %s; return %s{}, nil }", r, call, r)
	case "E":
		return fmt.Sprintf("(%s, error) { return %s{}, %s }", r, r, call)
	case "R":
		return fmt.Sprintf("(%s, error) { return %s, nil }", r, call)
	}
	return fmt.Sprintf("(%s, error) { return %s }", r, call)
}

// openText is the constructor of the state as package executor takes it.
func (fn *Function) openText() string {
	name := fn.pkg.Name + "." + fn.State
	list := vars(fn.sig.Params())
	head := fmt.Sprintf("func(_ context.Context) (%s, error) { return ", typeText(list[len(list)-2]))
	switch fn.newState {
	case "New_R":
		return head + name + "(), nil }"
	case "New_RE":
		return head + name + "() }"
	case "New_C_R":
		return strings.Replace(head, "_", "ctx", 1) + name + "(ctx), nil }"
	}
	return name
}

func typeText(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

// HasResult reports whether the function has one beside an error.
func (fn *Function) HasResult() bool { return fn.out != nil }

// HasContext reports whether the function takes a context.
func (fn *Function) HasContext() bool { return strings.HasPrefix(fn.Adapter, "C") }

// Stateful reports whether the function has a state.
func (fn *Function) Stateful() bool { return fn.stateful }
