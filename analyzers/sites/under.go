package sites

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/placement"
)

// What the statements under a lock do with memory that others see.
const (
	underReads   = "reads"   // they change nothing
	underMisses  = "misses"  // they change something unless an early return or a condition says that there is nothing to change
	underNumbers = "numbers" // they change nothing but numbers and flags
	underWrites  = "writes"
)

// under says what happens under a lock, "" where a call may do anything. A
// reader of a profile learns from it whether a read lock, or none, would do.
func (l *lister) under(r *placement.Region) string {
	u := &underLock{info: l.pass.TypesInfo, from: r.Acquire.Node.End(), to: r.Until}
	u.list(r.Func.Body().List, false)
	switch {
	case !u.opaque && u.writes == 0 && u.maybe == 0 && u.ended == 0:
		return underReads
	case u.opaque && !u.escapes:
		return ""
	case u.escapes && !u.before:
		return underMisses // what comes behind the early return may do anything
	case u.opaque:
		return "" // the call may be what always writes
	case u.writes == 0:
		return underMisses
	case u.numbers == u.writes+u.maybe+u.ended:
		return underNumbers
	}
	return underWrites
}

// underLock walks the statements between two positions.
type underLock struct {
	info     *types.Info
	from, to token.Pos

	writes  int  // on the way that is always taken
	maybe   int  // under a condition
	ended   int  // on a way of its own, which a return ends: the first time, say
	numbers int  // any of these, of numbers and flags
	opaque  bool // a call of a function whose writes are not known
	escapes bool // a condition leaves the function
	before  bool // something was written, or may have been, before it does so
}

// list walks statements; maybe says that a condition stands before them.
func (u *underLock) list(stmts []ast.Stmt, maybe bool) {
	for _, s := range stmts {
		if s.End() > u.from && s.Pos() < u.to {
			u.stmt(s, maybe)
		}
	}
}

func (u *underLock) stmt(s ast.Stmt, maybe bool) {
	switch s := s.(type) {
	case *ast.BlockStmt:
		u.list(s.List, maybe)
	case *ast.IfStmt:
		u.ifStmt(s, maybe)
	case *ast.ForStmt:
		u.list(s.Body.List, maybe)
	case *ast.RangeStmt:
		u.leaf(s.X, maybe)
		u.list(s.Body.List, maybe)
	case *ast.DeferStmt: // runs when the lock is given back, or gives it back
	default:
		u.leaf(s, maybe)
	}
}

func (u *underLock) ifStmt(s *ast.IfStmt, maybe bool) {
	u.leaf(s.Init, maybe)
	u.leaf(s.Cond, maybe)
	was := *u
	u.list(s.Body.List, true)
	wrote := u.opaque && !was.opaque || u.maybe > was.maybe
	switch out := s.Pos() > u.from && leaves(s.Body); {
	case out && wrote: // which comes before nothing else
		u.ended += max(1, u.maybe-was.maybe)
		u.opaque, u.maybe = was.opaque, was.maybe
	case out:
		u.escapes, u.before = true, u.before || was.opaque || was.writes+was.maybe > 0
	}
	if s.Else != nil {
		u.stmt(s.Else, true)
	}
}

// leaves reports whether a body ends by returning what was found. A bare return
// finds nothing: it is a guard, which the usual call passes.
func leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	r, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok && len(r.Results) > 0
}

// leaf looks at all of a node.
func (u *underLock) leaf(n ast.Node, maybe bool) {
	if n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil || n.End() <= u.from || n.Pos() >= u.to {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				u.write(lhs, maybe)
			}
		case *ast.IncDecStmt:
			u.write(n.X, maybe)
		case *ast.SendStmt:
			u.opaque = true
		case *ast.CallExpr:
			u.call(n, maybe)
		}
		return true
	})
}

// write counts an assignment to what is no local variable.
func (u *underLock) write(lhs ast.Expr, maybe bool) {
	lhs = ast.Unparen(lhs)
	if id, ok := lhs.(*ast.Ident); ok {
		v, _ := u.info.ObjectOf(id).(*types.Var)
		if id.Name == "_" || v == nil || v.Parent() == nil || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() {
			return
		}
	}
	if maybe {
		u.maybe++
	} else {
		u.writes++
	}
	_, indexed := lhs.(*ast.IndexExpr)
	if b, ok := u.info.TypeOf(lhs).Underlying().(*types.Basic); ok && !indexed && b.Info()&(types.IsNumeric|types.IsBoolean) != 0 {
		u.numbers++
	}
}

// call looks at a call: built-in functions are known, conversions do nothing, and
// what else a call writes is not told.
func (u *underLock) call(c *ast.CallExpr, maybe bool) {
	if u.info.Types[c.Fun].IsType() {
		return
	}
	switch fn := typeutil.Callee(u.info, c).(type) {
	case *types.Builtin:
		if fn.Name() == "delete" || fn.Name() == "clear" || fn.Name() == "copy" {
			u.write(c.Args[0], maybe)
		}
		return
	case *types.Func:
		if fn.Pkg() != nil && fn.Pkg().Path() == "sync" {
			return // the lock given back
		}
	}
	u.opaque = true
}
