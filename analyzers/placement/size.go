package placement

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// A Size is an expression that sizes a pool from the number of cores.
type Size struct {
	Expr   ast.Expr
	Of     string // what is sized, for people
	Zero   bool   // it can be 0
	NumCPU bool   // it asks NumCPU
	Stuck  bool   // 0 is known to let nothing run, rather than to mean no limit
}

// sizes finds the pool sizes in one function: limits set on groups, capacities
// of semaphore channels, and counts of worker loops.
func (p *placer) sizes(f *effects.Func) {
	for _, op := range f.Ops {
		c, ok := op.Node.(*ast.CallExpr)
		fn := op.Callee()
		if !ok || fn == nil || op.Spawned != nil {
			continue
		}
		switch name := fn.Name(); {
		case name == "SetLimit" && len(c.Args) == 1:
			p.size(c.Args[0], "the group's limit", fn.FullName() == "(*golang.org/x/sync/errgroup.Group).SetLimit")
		case fn.FullName() == "golang.org/x/sync/semaphore.NewWeighted" && len(c.Args) == 1:
			p.size(c.Args[0], "the semaphore", true)
		case len(c.Args) > 0 && poolPackage(fn) && (name == "WithMaxGoroutines" || strings.HasPrefix(name, "New")):
			p.size(c.Args[0], "the pool", false)
		}
	}
	for _, l := range f.Loops {
		if t := p.loopTrip(f, l); t.Class == Cores && t.Expr != nil && p.spawnsIn(f, l) {
			p.size(t.Expr, "the number of workers", p.fromZero(l.Node))
		}
	}
}

// poolPackage reports whether fn belongs to a library of pools whose
// constructors take the size first.
func poolPackage(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	for _, path := range []string{"github.com/sourcegraph/conc", "github.com/panjf2000/ants", "github.com/alitto/pond", "github.com/gammazero/workerpool", "github.com/Jeffail/tunny", "github.com/remeh/sizedwaitgroup"} {
		if strings.HasPrefix(fn.Pkg().Path(), path) {
			return true
		}
	}
	return false
}

func (p *placer) spawnsIn(f *effects.Func, l *effects.Loop) bool {
	for _, op := range f.Ops[l.Ops:l.OpsEnd] {
		if op.Spawned != nil {
			return true
		}
	}
	return false
}

// fromZero reports whether the loop counts from 0 to below its bound, so that a
// bound of 0 means no iteration and one of 1 means one.
func (p *placer) fromZero(loop ast.Stmt) bool {
	s, ok := loop.(*ast.ForStmt)
	if !ok {
		return true // a range over an integer
	}
	cond, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !ok || cond.Op != token.LSS {
		return false
	}
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || len(init.Rhs) != 1 || p.fx.Variable(init.Lhs[0]) != p.fx.Variable(cond.X) {
		return false
	}
	tv := p.info.Types[init.Rhs[0]]
	return tv.Value != nil && tv.Value.String() == "0"
}

func (p *placer) size(e ast.Expr, of string, stuck bool) {
	s := &Size{Expr: e, Of: of, Stuck: stuck}
	def := e
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		v := p.fx.Variable(id)
		if v == nil {
			return
		}
		defs := p.localDefs(v)
		if len(defs) != 1 || p.compared(v) {
			return // adjusted or looked at after it was worked out
		}
		def = defs[0]
	}
	s.Zero = p.canBeZero(def)
	s.NumCPU = p.isNumCPU(def)
	if s.Zero || s.NumCPU {
		p.res.Sizes = append(p.res.Sizes, s)
	}
}

// canBeZero reports whether the expression is a fraction of, or less than, the
// number of cores, so that it is 0 on one core.
func (p *placer) canBeZero(e ast.Expr) bool {
	n, ok := p.onCores(e, 1)
	m, _ := p.onCores(e, 64)
	return ok && n < 1 && m > n // a constant 0 is somebody's intention
}

// onCores evaluates e on a machine with the given number of cores.
func (p *placer) onCores(e ast.Expr, cores int64) (int64, bool) {
	if tv := p.info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.Int {
		return constant.Int64Val(tv.Value)
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if tv := p.info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
			return p.onCores(e.Args[0], cores)
		}
		return p.callOnCores(e, cores)
	case *ast.BinaryExpr:
		x, okX := p.onCores(e.X, cores)
		y, okY := p.onCores(e.Y, cores)
		if !okX || !okY || !p.integer(e) {
			return 0, false
		}
		return arithmetic(e.Op, x, y)
	}
	return 0, false
}

// timesCores returns how many times the number of cores e is, 0 if it does not
// follow them. A local variable stands for its only value.
func (p *placer) timesCores(e ast.Expr) float64 {
	if v := p.fx.Variable(e); v != nil {
		if defs := p.localDefs(v); len(defs) == 1 {
			e = defs[0]
		}
	}
	n, ok := p.onCores(e, manyCores)
	if m, _ := p.onCores(e, 2*manyCores); !ok || m == n {
		return 0
	}
	return float64(n) / manyCores
}

func (p *placer) callOnCores(c *ast.CallExpr, cores int64) (int64, bool) {
	switch calledName(c) {
	case "NumCPU", "GOMAXPROCS":
		return cores, true
	case "max", "min":
		best, ok := p.onCores(c.Args[0], cores)
		for _, a := range c.Args[1:] {
			n, okN := p.onCores(a, cores)
			if !ok || !okN {
				return 0, false
			}
			if calledName(c) == "max" {
				best = max(best, n)
			} else {
				best = min(best, n)
			}
		}
		return best, ok
	}
	return 0, false
}

func arithmetic(op token.Token, x, y int64) (int64, bool) {
	switch {
	case op == token.ADD:
		return x + y, true
	case op == token.SUB:
		return x - y, true
	case op == token.MUL:
		return x * y, true
	case op == token.QUO && y != 0:
		return x / y, true
	}
	return 0, false
}

func (p *placer) integer(e ast.Expr) bool {
	t := p.info.TypeOf(e)
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// compared reports whether a condition looks at the variable.
func (p *placer) compared(v *types.Var) bool {
	found := false
	for _, f := range settings.Files(p.pass) {
		if v.Pos() < f.FileStart || v.Pos() >= f.FileEnd {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.IfStmt); ok {
				if b, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr); ok && (p.fx.Variable(b.X) == v || p.fx.Variable(b.Y) == v) {
					found = true
				}
			}
			return !found
		})
	}
	return found
}
