package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
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
		if p.spawnsIn(f, l) {
			p.workers(f, l)
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

// workers judges the bound of a loop that starts goroutines, if it counts.
func (p *placer) workers(f *effects.Func, l *effects.Loop) {
	t := p.loopTrip(f, l)
	if t.Expr == nil || t.Class == None || t.Class == Endless || !isInteger(p.info.TypeOf(t.Expr)) {
		return
	}
	p.size(t.Expr, "the number of workers", p.fromZero(l.Node))
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// spawnsIn reports whether each turn of the loop itself starts a goroutine.
func (p *placer) spawnsIn(f *effects.Func, l *effects.Loop) bool {
	for _, op := range f.Ops[l.Ops:l.OpsEnd] {
		if op.Loop == l && (op.Spawned != nil || p.isExecutor(op)) {
			return true
		}
	}
	return false
}

// isExecutor reports whether the op hands a task to a group: wg.Go(f).
func (p *placer) isExecutor(op *effects.Op) bool {
	fn := op.Callee()
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	x := p.fx.Knowledge().Executor(effects.SymbolOf(fn))
	return x != nil && x.Limit != "const" && x.Limit != "cores"
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

// size judges an expression that sizes a pool: what it is where it stands, and the
// values that it comes from.
func (p *placer) size(e ast.Expr, of string, stuck bool) {
	num := p.prog.Number(e, program.Package)
	zero := zeroOnOne(num)
	for _, o := range p.prog.Origins(e) {
		if call := p.numCPU(o.Expr); call != nil {
			p.addNumCPU(call, of)
			continue
		}
		n := p.prog.Number(o.Expr, program.Package)
		none := o.Default && stuck && n == program.Constant(0)
		zero = zero || (zeroOnOne(n) || none) && num.Least[0] < 1 && !o.Asked
	}
	if zero {
		p.res.Sizes = append(p.res.Sizes, &Size{Expr: e, Of: of, Stuck: stuck, Zero: true})
	}
}

// zeroOnOne reports whether a number that follows the cores is 0 on one core. A
// constant 0 is somebody's intention.
func zeroOnOne(n program.Number) bool {
	return n.Cores() && n.Least[0] <= n.Most[0] && n.Most[0] < 1 && n.Most[2] >= 1
}
