package program

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
)

// An Origin is an expression that a value comes from.
type Origin struct {
	Expr ast.Expr
	// Default says that somebody may choose another value: a flag's.
	Default bool
	// Asked says that a condition looks at a variable on the way, which may keep
	// the value from being used.
	Asked bool
}

// Origins follows a number through variables, fields, parameters, conversions
// and the functions of the package to the expressions that it was worked out
// from. Other packages may give it more values.
func (p *Program) Origins(e ast.Expr) []Origin {
	f := follower{p: p, seen: make(map[types.Object]bool)}
	f.follow(e)
	return f.list
}

// maxOrigins bounds the work for what everybody sets.
const maxOrigins = 16

type follower struct {
	p     *Program
	seen  map[types.Object]bool
	asked bool // about the variables on the way
	list  []Origin
}

func (f *follower) add(e ast.Expr, isDefault bool) {
	f.list = append(f.list, Origin{ast.Unparen(e), isDefault, f.asked})
}

func (f *follower) follow(e ast.Expr) {
	if len(f.list) >= maxOrigins {
		return
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.StarExpr:
		f.follow(e.X)
		return
	case *ast.CallExpr:
		f.call(e)
		return
	case *ast.Ident, *ast.SelectorExpr:
		if v := f.p.Variable(e); v != nil {
			f.variable(v)
			return
		}
	}
	f.add(e, false)
}

func (f *follower) call(c *ast.CallExpr) {
	if x := f.p.conversion(c); x != nil {
		f.follow(x)
		return
	}
	if e := f.p.flagDefault(c); e != nil {
		f.add(e, true)
		return
	}
	fn := f.p.callee(c)
	if e := f.p.lookedUp(fn, c); e != nil {
		f.add(e, true)
		return
	}
	d := f.p.function(fn)
	if d == nil || d.Body == nil {
		f.add(c, false)
		return
	}
	if f.seen[fn] {
		return
	}
	f.seen[fn] = true
	for _, r := range Returns(d.Body) {
		if len(r.Results) > 0 {
			f.follow(r.Results[0])
		}
	}
}

func (f *follower) variable(v *types.Var) {
	if f.seen[v] {
		return
	}
	f.seen[v] = true
	x := f.p.everywhere()
	asked := f.asked
	f.asked = asked || x.asked[v]
	defer func() { f.asked = asked }()
	for _, d := range x.defs[v] {
		switch d.how {
		case assigned:
			if d.value != nil && d.result <= 0 {
				f.follow(d.value)
			}
		case elsewhere:
			if c, ok := d.value.(*ast.CallExpr); ok {
				if e := f.p.flagDefault(c); e != nil {
					f.add(e, true)
				}
			}
		case given:
			f.parameter(v, d.param)
		}
	}
}

// parameter follows what the calls in the package give.
func (f *follower) parameter(v *types.Var, i int) {
	d, ok := f.p.declaration(v.Pos()).(*ast.FuncDecl)
	if !ok || !contains(d.Type, v.Pos()) {
		return
	}
	fn, _ := f.p.info.Defs[d.Name].(*types.Func)
	for _, c := range f.p.everywhere().calls[fn] {
		if i < len(c.Args) {
			f.follow(c.Args[i])
		}
	}
}

const pflag = "github.com/spf13/pflag"

// flagDefault returns the value that a flag has unless somebody sets it, of a
// call that defines a number as a flag; or nil.
func (p *Program) flagDefault(c *ast.CallExpr) ast.Expr {
	fn := p.callee(c)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "flag" && fn.Pkg().Path() != pflag {
		return nil
	}
	params := fn.Signature().Params()
	for i := range min(params.Len(), len(c.Args)) {
		if params.At(i).Name() == "value" && isNumber(params.At(i).Type()) {
			return c.Args[i]
		}
	}
	return nil
}

// lookedUp returns the default of the flag that a call such as GetInt("jobs")
// asks for by its name, or nil.
func (p *Program) lookedUp(fn *types.Func, c *ast.CallExpr) ast.Expr {
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != pflag || len(c.Args) != 1 {
		return nil
	}
	name, first := p.text(c.Args[0]), ast.Expr(nil)
	for def, calls := range p.everywhere().calls {
		if name == "" || def.Pkg() == nil || def.Pkg().Path() != pflag {
			continue
		}
		for _, d := range calls {
			e := p.flagDefault(d)
			if e != nil && (first == nil || e.Pos() < first.Pos()) && slices.ContainsFunc(d.Args, func(a ast.Expr) bool { return p.text(a) == name }) {
				first = e
			}
		}
	}
	return first
}

// text returns the constant string that e is, or "".
func (p *Program) text(e ast.Expr) string {
	v := p.info.Types[e].Value
	if v == nil || v.Kind() != constant.String {
		return ""
	}
	return constant.StringVal(v)
}
