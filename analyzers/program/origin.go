package program

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// An Origin is an expression that a value comes from.
type Origin struct {
	Expr ast.Expr
	Number
	// Default says that somebody may choose another value: a flag's.
	Default bool
	// Unset says that it is 0 where a text is no number, as the error is dropped.
	Unset bool
	// Asked says that a condition looks whether a variable on the way is 0, which
	// may keep the value from being used.
	Asked bool
	CPUs  bool // it is worked out from what NumCPU says, in another package
}

// An Entry is where a number enters the package: a parameter, or a field or variable that
// other packages may set, which may be that of another one.
type Entry struct {
	Func  *types.Func // nil for a field or variable
	Arg   int
	Var   *types.Var
	Asked bool
}

// Origins follows a number through variables, fields, parameters, conversions
// and the functions of the module to the expressions that it was worked out
// from. Other packages may give it more values.
func (p *Program) Origins(e ast.Expr) []Origin { return p.followed(e).list }

// Entries returns where the number that e is may come from outside, whether or
// not there are calls in the package, too.
func (p *Program) Entries(e ast.Expr) []Entry { return p.followed(e).entries }

func (p *Program) followed(e ast.Expr) *follower {
	f := &follower{p: p, seen: make(map[types.Object]bool)}
	f.follow(e)
	return f
}

// maxOrigins bounds the work for what everybody sets.
const maxOrigins = 16

type follower struct {
	p       *Program
	seen    map[types.Object]bool
	asked   bool // about the variables on the way
	list    []Origin
	entries []Entry
}

func (f *follower) add(o Origin) {
	o.Expr = ast.Unparen(o.Expr)
	o.Asked = o.Asked || f.asked
	f.list = append(f.list, o)
}

func (f *follower) value(e ast.Expr) { f.add(Origin{Expr: e, Number: f.p.Number(e, Package)}) }

func (f *follower) byDefault(e ast.Expr) {
	f.add(Origin{Expr: e, Number: f.p.Number(e, Package), Default: true})
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
		f.call(e, 0)
		return
	case *ast.Ident, *ast.SelectorExpr:
		if v := f.p.Variable(e); v != nil {
			f.variable(v, e)
			return
		}
	}
	f.value(e)
}

func (f *follower) call(c *ast.CallExpr, result int) {
	if x := f.p.conversion(c); x != nil {
		f.follow(x)
		return
	}
	if e := f.p.FlagDefault(c); e != nil {
		f.byDefault(e)
		return
	}
	if f.p.Builtin(c) == "min" { // min(limit, len(jobs)): what is no count of data is the size
		for _, a := range c.Args {
			if f.p.Number(a, Package).By != Data {
				f.follow(a)
			}
		}
		return
	}
	fn := f.p.Callee(c)
	if e := f.p.lookedUp(fn, c); e != nil {
		f.byDefault(e)
		return
	}
	d := f.p.Declaration(fn)
	if d == nil || d.Body == nil {
		if fn == nil {
			f.value(c)
		} else {
			f.told(fn, c)
		}
		return
	}
	if f.seen[fn] {
		return
	}
	f.seen[fn] = true
	for _, r := range Returns(d.Body) {
		if result < len(r.Results) {
			f.follow(r.Results[result])
		}
	}
}

// told adds what a fact says of an object of another package, or else e itself.
func (f *follower) told(obj types.Object, e ast.Expr) {
	if s := f.p.fact(obj); s != nil && s.Value != nil {
		f.add(Origin{Expr: e, Number: *s.Value, Default: s.Unset, Asked: s.Asked, CPUs: s.CPUs})
		return
	}
	f.value(e)
}

func (f *follower) variable(v *types.Var, e ast.Expr) {
	if f.seen[v] {
		return
	}
	f.seen[v] = true
	if v.Pkg() != f.p.pkg { // and what this one gives it, as main tells others by their fields
		f.entries = append(f.entries, Entry{Var: v, Asked: f.asked})
		f.told(v, e)
	}
	x := f.p.everywhere()
	asked := f.asked
	f.asked = asked || x.doubted[v]
	defer func() { f.asked = asked }()
	if v.Pkg() == f.p.pkg && v.Exported() && (v.IsField() || v.Parent() == f.p.pkg.Scope()) {
		f.entries = append(f.entries, Entry{Var: v, Asked: f.asked})
	}
	for _, d := range f.p.reaching(x.defs[v], v, e) {
		switch d.how {
		case assigned:
			f.assigned(d)
		case elsewhere:
			if c, ok := d.value.(*ast.CallExpr); ok {
				if e := f.p.FlagDefault(c); e != nil {
					f.byDefault(e)
				}
			}
		case given:
			f.parameter(v)
		}
	}
}

func (f *follower) assigned(d def) {
	c, isCall := ast.Unparen(d.value).(*ast.CallExpr)
	switch {
	case d.value == nil || d.op != token.ILLEGAL:
	case d.result >= 0 && isCall:
		if !f.p.parses(c) {
			f.call(c, d.result)
		} else if only := f.read(c.Args[0]); !only {
			f.add(Origin{Expr: c, Number: setting(), Unset: d.drops})
		}
	case d.result < 0:
		f.follow(d.value)
	}
}

// parameter follows what the calls in the package give.
func (f *follower) parameter(v *types.Var) {
	fn, i, ok := f.p.Parameter(v)
	if !ok {
		return
	}
	f.entries = append(f.entries, Entry{Func: fn, Arg: i, Asked: f.asked})
	for _, c := range f.p.everywhere().calls[fn] {
		if i < len(c.Args) {
			f.follow(c.Args[i])
		}
	}
}

// Pflag is the path of the package whose flags are known beside those of flag.
const Pflag = "github.com/spf13/pflag"

// FlagDefault returns the value that a flag has unless somebody sets it, of a
// call that defines a number as a flag; or nil.
func (p *Program) FlagDefault(c *ast.CallExpr) ast.Expr { return p.flagValue(c, isNumber) }

// flagValue returns the default of a flag of a type for which is holds, or nil.
func (p *Program) flagValue(c *ast.CallExpr, is func(types.Type) bool) ast.Expr {
	fn := p.Callee(c)
	if !From(fn, "flag", Pflag) {
		return nil
	}
	params := fn.Signature().Params()
	for i := range min(params.Len(), len(c.Args)) {
		if params.At(i).Name() == "value" && is(params.At(i).Type()) {
			return c.Args[i]
		}
	}
	return nil
}

// lookedUp returns the default of the flag that a call such as GetInt("jobs")
// asks for by its name, or nil.
func (p *Program) lookedUp(fn *types.Func, c *ast.CallExpr) ast.Expr {
	if !From(fn, Pflag) || len(c.Args) != 1 {
		return nil
	}
	name, first := p.text(c.Args[0]), ast.Expr(nil)
	for def, calls := range p.everywhere().calls {
		if name == "" || def.Pkg() == nil || def.Pkg().Path() != Pflag {
			continue
		}
		for _, d := range calls {
			e := p.FlagDefault(d)
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

// reaching leaves out the definitions of a local variable that another one replaces before e
// asks for it: n := runtime.NumCPU(), and n = 4 in any case.
func (p *Program) reaching(defs []def, v *types.Var, e ast.Expr) []def {
	if e == nil || len(defs) < 2 || v.IsField() || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() {
		return defs
	}
	for i := len(defs) - 1; i > 0; i-- {
		d := defs[i]
		replaces := d.how == assigned && d.value != nil && d.op == token.ILLEGAL && d.value.End() <= e.Pos()
		if replaces && d.inner == defs[0].inner && d.loop == defs[0].loop && !p.Mentions(d.value, v) {
			return defs[i:]
		}
	}
	return defs
}

// Mentions reports whether a node names a variable.
func (p *Program) Mentions(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && p.info.Uses[id] == v
		return !found
	})
	return found
}
