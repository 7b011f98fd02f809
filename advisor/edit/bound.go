package edit

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// submission is the hand-over at a site.
type submission struct {
	stmt ast.Stmt      // the go statement, or the call as a statement
	call *ast.CallExpr // what go runs, or the call of the method Go
	task *ast.FuncLit  // nil: a declared function
	fn   ast.Node      // function around it
}

// findSubmission finds the statement at the site's line.
func (s *source) findSubmission() (submission, error) {
	var found []submission
	for n := range ast.Preorder(s.file) {
		if n.Pos().IsValid() && s.line(n.Pos()) != s.site.Line {
			continue
		}
		sub := submission{}
		switch x := n.(type) {
		case *ast.GoStmt:
			sub.stmt, sub.call = x, x.Call
			sub.task, _ = x.Call.Fun.(*ast.FuncLit)
		case *ast.ExprStmt:
			call, ok := x.X.(*ast.CallExpr)
			if !ok || calleeName(call) != "Go" || len(call.Args) != 1 {
				continue
			}
			sub.stmt, sub.call = x, call
			sub.task, _ = call.Args[0].(*ast.FuncLit)
		default:
			continue
		}
		sub.fn = s.function(sub.stmt)
		found = append(found, sub)
	}
	if len(found) != 1 {
		return submission{}, refuse("no single hand-over is found at %s:%d", s.name, s.site.Line)
	}
	return found[0], nil
}

// function is the innermost function around a node, a literal included.
func (s *source) function(n ast.Node) ast.Node {
	for n = s.parent(n); n != nil; n = s.parent(n) {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return n
		}
	}
	return s.file
}

// setLimit bounds an errgroup right after its declaration.
func (s *source) setLimit() error {
	sub, err := s.findSubmission()
	if err != nil {
		return err
	}
	sel, ok := sub.call.Fun.(*ast.SelectorExpr)
	if !ok {
		return refuse("the group is no variable")
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return refuse("the group %s is no variable of this function", s.textOf(sel.X))
	}
	group := s.object(id)
	decl := s.declStmt(group)
	if decl == nil {
		return refuse("the group %s is not declared in this function", id.Name)
	}
	if _, ok := decl.(*ast.IfStmt); ok {
		return refuse("the group %s is declared in a condition", id.Name)
	}
	if err := s.mayWait(sub, group); err != nil {
		return err
	}
	n, err := s.size(decl.Pos())
	if err != nil {
		return err
	}
	s.after(decl, id.Name+".SetLimit("+n+")")
	return nil
}

// declStmt is the statement that declares a local variable and stands in a
// block, nil for parameters, fields and variables of the package.
func (s *source) declStmt(o types.Object) ast.Stmt {
	if o == nil {
		return nil
	}
	for id, d := range s.info.Defs {
		if d != o {
			continue
		}
		for n := s.parent(id); n != nil; n = s.parent(n) {
			switch x := n.(type) {
			case *ast.AssignStmt, *ast.DeclStmt:
				if _, ok := s.parent(x).(*ast.BlockStmt); ok {
					return x.(ast.Stmt)
				}
				return nil
			case *ast.FuncDecl, *ast.FuncLit, *ast.Field:
				return nil
			}
		}
	}
	return nil
}

// mayWait refuses where a submitter that waits for tasks could wait for ever:
// a task must not need anything that comes after the loop, nor submit itself.
func (s *source) mayWait(sub submission, group types.Object) error {
	if sub.task == nil {
		if s.site.Task.Class == "" || hasAny(s.site.Task.Effects, "chan", "wait", "dynamic") {
			return refuse("its task may wait for a channel that is read after the loop: waiting for it could stop the loop for ever")
		}
		return nil
	}
	for n := range ast.Preorder(sub.task.Body) {
		switch x := n.(type) {
		case *ast.SendStmt:
			if !s.roomForAll(x.Chan, sub) {
				return refuse("its tasks send on %s: where that is read after the loop, waiting for them would stop the loop for ever", s.textOf(x.Chan))
			}
		case *ast.UnaryExpr:
			if x.Op == token.ARROW && !strings.HasSuffix(s.textOf(x.X), ".Done()") {
				return refuse("its tasks receive from %s: waiting for them could stop those that would send", s.textOf(x.X))
			}
		case *ast.RangeStmt:
			if t := s.info.TypeOf(x.X); t != nil {
				if _, ok := t.Underlying().(*types.Chan); ok {
					return refuse("its tasks receive from %s: waiting for them could stop those that would send", s.textOf(x.X))
				}
			}
		case *ast.SelectStmt:
			return refuse("its tasks wait in a select: waiting for them could stop those that they wait for")
		case *ast.CallExpr:
			if len(x.Args) == 0 && calleeName(x) == "Wait" {
				return refuse("its tasks wait by %s: waiting for them could stop those that they wait for", s.textOf(x))
			}
		case *ast.Ident:
			if group != nil && s.object(x) == group && calleeName(&ast.CallExpr{Fun: parentExpr(s.parent(x))}) != "Done" {
				return refuse("a task submits to its own group: with a limit it could wait for itself")
			}
		}
	}
	return nil
}

func parentExpr(n ast.Node) ast.Expr {
	e, _ := n.(ast.Expr)
	return e
}

func hasAny(list []string, words ...string) bool {
	return slices.ContainsFunc(list, func(e string) bool { return slices.Contains(words, strings.TrimSuffix(e, "?")) })
}

// roomForAll reports whether a channel's capacity is the length of what the loop
// ranges over, so that no send waits.
func (s *source) roomForAll(ch ast.Expr, sub submission) bool {
	id, ok := ch.(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := s.object(id).(*types.Var)
	if !ok {
		return false
	}
	call, ok := s.onlyValue(v).(*ast.CallExpr)
	if !ok || calleeName(call) != "make" || len(call.Args) != 2 {
		return false
	}
	loop, ok := s.loopAround(sub.stmt).(*ast.RangeStmt)
	if !ok || s.outermost(sub.stmt) != ast.Stmt(loop) {
		return false
	}
	room := s.textOf(call.Args[1])
	return room == "len("+s.textOf(loop.X)+")" || room == s.textOf(loop.X)
}

// loopAround is the innermost loop of the same function around a statement.
func (s *source) loopAround(n ast.Node) ast.Stmt {
	for n = s.parent(n); n != nil; n = s.parent(n) {
		switch x := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return x.(ast.Stmt)
		case *ast.FuncDecl, *ast.FuncLit:
			return nil
		}
	}
	return nil
}

// outermost is the outermost loop of the same function around a statement.
func (s *source) outermost(n ast.Node) ast.Stmt {
	var last ast.Stmt
	for loop := s.loopAround(n); loop != nil; loop = s.loopAround(loop) {
		last = loop
	}
	return last
}

// addSemaphore bounds goroutines that a loop starts: a place is taken before the
// hand-over, so that not even the goroutines pile up, and given back by a defer,
// also when the task panics. The defer comes first in the task and so runs last,
// after a Done of the task: whoever waits for all of them waits no longer.
func (s *source) addSemaphore() error {
	sub, err := s.findSubmission()
	if err != nil {
		return err
	}
	loop := s.outermost(sub.stmt)
	if loop == nil {
		return refuse("the hand-over is not in a loop of its function, so a limit has to be set by whoever calls it")
	}
	if sub.task == nil {
		return refuse("its task is no function literal: a place would have to be given back in %s", s.textOf(sub.call))
	}
	if err := s.mayWait(sub, nil); err != nil {
		return err
	}
	n, err := s.size(loop.Pos())
	if err != nil {
		return err
	}
	sem := s.fresh(sub.fn, "sem", "places", "inFlight")
	if labelled, ok := s.parent(loop).(*ast.LabeledStmt); ok {
		loop = labelled
	}
	s.before(loop, sem+" := make(chan struct{}, "+n+")")
	s.before(sub.stmt, sem+" <- struct{}{}")
	s.firstIn(sub.task.Body, "defer func() { <-"+sem+" }()")
	return nil
}

// firstIn inserts a statement at the beginning of a block.
func (s *source) firstIn(body *ast.BlockStmt, stmt string) {
	if len(body.List) > 0 && s.line(body.List[0].Pos()) == s.line(body.Lbrace) {
		// All on one line: the new statement joins it.
		s.replace(body.List[0].Pos(), body.List[0].Pos(), stmt+"; ")
		return
	}
	indent := "\n" + s.indentOf(body.Lbrace) + "\t"
	end := ""
	if s.line(body.Lbrace) == s.line(body.Rbrace) {
		end = "\n" + s.indentOf(body.Lbrace)
	}
	at := s.lineEnd(body.Lbrace)
	s.replace(at, at, indent+stmt+end)
}
