package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// A Region is what runs between the acquisition of a lock and its release.
type Region struct {
	Func    *effects.Func
	Acquire *effects.Op
	Lock    *types.Var // the mutex, nil where it has no name
	Owner   string     // expression that holds the mutex: c of c.mu
	Key     string     // expression of the mutex
	Read    bool       // RLock
	Local   bool       // the mutex is a local variable
	Held    []Held
}

// A Held is an op that runs under the lock.
type Held struct {
	Op *effects.Op
}

// state is the set of locks that are surely held, by key.
type state map[string]*Region

// locker walks one function, in source order.
type locker struct {
	p      *placer
	f      *effects.Func
	cursor int // next op
}

// regions finds the lock regions of one function by walking its control flow.
// At joins only locks held on all incoming paths stay held.
func (p *placer) regions(f *effects.Func) {
	if !p.locks(f) {
		return
	}
	l := &locker{p: p, f: f}
	l.list(f.Body().List, state{})
}

// locks is a cheap test that spares most functions the walk.
func (p *placer) locks(f *effects.Func) bool {
	for _, op := range f.Ops {
		if v, _ := p.lockVerb(op); v == "lock" || v == "rlock" {
			return true
		}
	}
	return false
}

// list walks statements and reports whether control leaves it.
func (l *locker) list(stmts []ast.Stmt, st state) (state, bool) {
	for i, s := range stmts {
		var gone bool
		st, gone = l.stmt(s, st)
		if gone {
			for _, rest := range stmts[i+1:] {
				l.skip(rest)
			}
			return st, true
		}
	}
	return st, false
}

// skip moves the cursor past the ops of code that cannot be reached, unless a
// label lets control in again.
func (l *locker) skip(s ast.Stmt) {
	for l.cursor < len(l.f.Ops) && l.f.Ops[l.cursor].Node.Pos() < s.End() {
		l.cursor++
	}
}

func (l *locker) stmt(s ast.Stmt, st state) (state, bool) {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return l.list(s.List, st)
	case *ast.LabeledStmt:
		return l.stmt(s.Stmt, st)
	case *ast.IfStmt:
		return l.ifStmt(s, st)
	case *ast.ForStmt:
		l.until(s.Body.Pos(), st)
		l.list(s.Body.List, maps.Clone(st))
		l.until(s.End(), st)
		return st, s.Cond == nil && !breaks(s.Body)
	case *ast.RangeStmt:
		l.until(s.Body.Pos(), st)
		after, gone := l.list(s.Body.List, maps.Clone(st))
		if gone {
			return st, false
		}
		return join(st, after), false
	case *ast.SwitchStmt:
		l.until(s.Body.Pos(), st)
		return l.clauses(s.Body, st, hasDefault(s.Body))
	case *ast.TypeSwitchStmt:
		l.until(s.Body.Pos(), st)
		return l.clauses(s.Body, st, hasDefault(s.Body))
	case *ast.SelectStmt:
		l.until(s.Body.Pos(), st)
		return l.clauses(s.Body, st, true)
	case *ast.ReturnStmt:
		l.until(s.End(), st)
		return st, true
	case *ast.BranchStmt:
		return st, s.Tok != token.FALLTHROUGH
	}
	l.until(s.End(), st)
	if x, ok := s.(*ast.ExprStmt); ok {
		if c, ok := x.X.(*ast.CallExpr); ok && (calledName(c) == "panic" || calledName(c) == "Exit" || strings.HasPrefix(calledName(c), "Fatal")) {
			return st, true
		}
	}
	return st, false
}

func (l *locker) ifStmt(s *ast.IfStmt, st state) (state, bool) {
	l.until(s.Body.Pos(), st)
	then, thenGone := l.list(s.Body.List, maps.Clone(st))
	other, otherGone := st, false
	if s.Else != nil {
		other, otherGone = l.stmt(s.Else, maps.Clone(st))
	}
	switch {
	case thenGone && otherGone:
		return st, true
	case thenGone:
		return other, false
	case otherGone:
		return then, false
	}
	return join(then, other), false
}

func (l *locker) clauses(body *ast.BlockStmt, st state, exhaustive bool) (state, bool) {
	var out state
	for _, c := range body.List {
		var list []ast.Stmt
		switch c := c.(type) {
		case *ast.CaseClause:
			list = c.Body
		case *ast.CommClause:
			list = c.Body
		}
		if len(list) > 0 {
			l.until(list[0].Pos(), st)
		}
		after, gone := l.list(list, maps.Clone(st))
		if gone && !breaksOut(list) {
			continue
		}
		if out == nil {
			out = after
		} else {
			out = join(out, after)
		}
	}
	if !exhaustive {
		if out == nil {
			return st, false
		}
		return join(st, out), false
	}
	if out == nil {
		return st, len(body.List) > 0
	}
	return out, false
}

func hasDefault(body *ast.BlockStmt) bool {
	for _, c := range body.List {
		if cc, ok := c.(*ast.CaseClause); ok && cc.List == nil {
			return true
		}
	}
	return false
}

func breaksOut(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	b, ok := list[len(list)-1].(*ast.BranchStmt)
	return ok && b.Tok == token.BREAK
}

func breaks(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BranchStmt:
			found = found || n.Tok == token.BREAK || n.Tok == token.GOTO
		}
		return !found
	})
	return found
}

func join(a, b state) state {
	out := make(state, min(len(a), len(b)))
	for k, r := range a {
		if _, ok := b[k]; ok {
			out[k] = r
		}
	}
	return out
}

// until applies the ops before pos.
func (l *locker) until(pos token.Pos, st state) {
	for l.cursor < len(l.f.Ops) && l.f.Ops[l.cursor].Node.Pos() < pos {
		l.op(l.f.Ops[l.cursor], st)
		l.cursor++
	}
}

func (l *locker) op(op *effects.Op, st state) {
	if op.Spawned != nil {
		return
	}
	verb, recv := l.p.lockVerb(op)
	switch verb {
	case "lock", "rlock":
		if !op.Deferred {
			l.acquire(op, recv, verb == "rlock", st)
		}
		return
	case "unlock", "runlock":
		if !op.Deferred {
			release(recv, st)
		}
		return
	}
	if op.Deferred {
		return // runs as the function returns; its own lock may be gone by then
	}
	for _, r := range st {
		r.Held = append(r.Held, Held{op})
	}
}

func (l *locker) acquire(op *effects.Op, recv ast.Expr, read bool, st state) {
	r := &Region{Func: l.f, Acquire: op, Key: types.ExprString(recv), Read: read, Lock: l.p.mutexVar(op, recv)}
	if sel, ok := ast.Unparen(recv).(*ast.SelectorExpr); ok {
		r.Owner = types.ExprString(sel.X)
	} else {
		r.Owner = r.Key
	}
	if v := r.Lock; v != nil && !v.IsField() && v.Parent() != l.p.pass.Pkg.Scope() && !l.f.HasParam(v) {
		r.Local = true
	}
	st[r.Key] = r
	l.p.res.Regions = append(l.p.res.Regions, r)
}

// release drops the lock; a wrapper such as s.unlock() drops every lock of s.
func release(recv ast.Expr, st state) {
	key := types.ExprString(recv)
	for k, r := range st {
		if k == key || r.Owner == key {
			delete(st, k)
		}
	}
}

// lockVerb returns lock, rlock, unlock, runlock or "" for an op, and the
// expression of the mutex.
func (p *placer) lockVerb(op *effects.Op) (string, ast.Expr) {
	fn := op.Callee()
	c, ok := op.Node.(*ast.CallExpr)
	if fn == nil || !ok || fn.Pkg() == nil {
		return "", nil
	}
	recv := receiver(c)
	if fn.Pkg().Path() == "sync" {
		switch fn.Name() {
		case "Lock", "Unlock", "RLock", "RUnlock":
			return strings.ToLower(fn.Name()), recv
		}
		return "", nil
	}
	if verb := p.fx.Knowledge().Mutex(effects.SymbolOf(fn)); verb != "" {
		return verb, recv
	}
	s := p.fx.Summary(fn)
	if s == nil {
		return "", nil
	}
	switch s.Lock {
	case effects.LockAcquires:
		return "lock", recv
	case effects.LockRLocks:
		return "rlock", recv
	case effects.LockReleases:
		return "unlock", recv
	}
	return "", nil
}

// mutexVar returns the variable or field that is the mutex, also an embedded
// one; nil for a wrapper, whose mutex is out of sight.
func (p *placer) mutexVar(op *effects.Op, recv ast.Expr) *types.Var {
	c := op.Node.(*ast.CallExpr)
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	s := p.info.Selections[sel]
	if s == nil || len(s.Index()) < 2 {
		return p.fx.Variable(recv)
	}
	t := s.Recv()
	var field *types.Var
	for _, i := range s.Index()[:len(s.Index())-1] {
		if ptr, ok := t.Underlying().(*types.Pointer); ok {
			t = ptr.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		field = st.Field(i).Origin()
		t = field.Type()
	}
	return field
}
