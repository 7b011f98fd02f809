package edit

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/advisor"
)

// takeForReading has the stretches that change nothing under a lock take it for
// reading only, and makes the lock a sync.RWMutex if it is none.
//
// That a stretch only reads is the analyzers' word; here it is made sure that the
// lock can be another type, and that each of these functions gives back as a
// reader what it took as one. Other holders stay writers.
func (s *source) takeForReading() error {
	lock, err := s.lockAt(s.site.Place)
	if err != nil {
		return err
	}
	if err := s.becomeRWMutex(lock); err != nil {
		return err
	}
	changed := make(map[*ast.FuncDecl]bool)
	for _, b := range s.site.Task.Bodies {
		fn := s.functionAt(b.File, b.Line)
		if fn == nil || changed[fn] {
			continue
		}
		changed[fn] = true
		if err := s.asReader(fn, lock); err != nil && b.Line == s.site.Line && b.File == s.site.File {
			return err // of the others each may stay a writer
		}
	}
	return nil
}

// lockAt is the variable or field whose Lock is called at a line.
func (s *source) lockAt(at advisor.Place) (lock *types.Var, err error) {
	f := s.files[at.File]
	if f == nil {
		return nil, refuse("%s is not part of the package", at.File)
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if v, method := s.lockCall(n); v != nil && method == "Lock" && s.line(n.Pos()) == at.Line {
			lock = v
		}
		return lock == nil
	})
	if lock == nil {
		return nil, refuse("%s:%d takes no lock that this package declares under a name of its own", at.File, at.Line)
	}
	return lock, nil
}

// lockCall is the variable or field on which a method is called, and the method.
func (s *source) lockCall(n ast.Node) (*types.Var, string) {
	id := receiver(n)
	if id == nil {
		return nil, ""
	}
	v, _ := s.object(id).(*types.Var)
	return v, n.(*ast.CallExpr).Fun.(*ast.SelectorExpr).Sel.Name
}

// becomeRWMutex changes the lock's type where it is declared. Whoever takes its
// address as a *sync.Mutex, in this package or in another, would not compile.
func (s *source) becomeRWMutex(lock *types.Var) error {
	spelled, others := s.typeOf(lock)
	pointer, isPointer := spelled.(*ast.StarExpr)
	if isPointer {
		spelled = pointer.X
	}
	sel, ok := spelled.(*ast.SelectorExpr)
	if !ok {
		return refuse("%s is not declared as a sync.Mutex", lock.Name())
	}
	switch pkg, _ := sel.X.(*ast.Ident); {
	case pkg == nil || !s.isPackage(pkg, "sync"):
		return refuse("%s is not declared as a sync.Mutex", lock.Name())
	case sel.Sel.Name == "RWMutex":
		return nil
	case sel.Sel.Name != "Mutex" || isPointer:
		return refuse("%s is declared as %s, not as a sync.Mutex of its own", lock.Name(), types.ExprString(spelled))
	case lock.Exported():
		return refuse("%s is exported: other packages may take its address as a *sync.Mutex", lock.Name())
	case others > 1:
		return refuse("%s shares its declaration with other variables", lock.Name())
	}
	receivers := s.receivers()
	for id, o := range s.info.Uses {
		if o == lock && !receivers[id] {
			return refuse("%s:%d uses %s for more than to take it and to give it back", s.fset.Position(id.Pos()).Filename, s.line(id.Pos()), lock.Name())
		}
	}
	s.replace(sel.Sel.Pos(), sel.Sel.End(), "RWMutex")
	return nil
}

// typeOf is the type of a field or variable as it is written, with the number of
// names that share it. Embedded fields have none of their own.
func (s *source) typeOf(v *types.Var) (spelled ast.Expr, names int) {
	named := func(list []*ast.Ident, t ast.Expr) {
		if slices.ContainsFunc(list, func(id *ast.Ident) bool { return s.info.Defs[id] == v }) {
			spelled, names = t, len(list)
		}
	}
	for _, f := range s.files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field:
				named(n.Names, n.Type)
			case *ast.ValueSpec:
				named(n.Names, n.Type)
			}
			return spelled == nil
		})
	}
	return spelled, names
}

// isPackage reports whether a name stands for an imported package.
func (s *source) isPackage(id *ast.Ident, path string) bool {
	pkg, ok := s.info.Uses[id].(*types.PkgName)
	return ok && pkg.Imported().Path() == path
}

// receivers are the names on which the package calls methods.
func (s *source) receivers() map[*ast.Ident]bool {
	list := make(map[*ast.Ident]bool)
	for _, f := range s.files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if id := receiver(n); id != nil {
				list[id] = true
			}
			return true
		})
	}
	return list
}

// receiver is the last name of what a method is called on, nil if n is no such call.
func receiver(n ast.Node) *ast.Ident {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	switch x := ast.Unparen(method.X).(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	}
	return nil
}

// functionAt is the declared function around a line.
func (s *source) functionAt(file string, line int) *ast.FuncDecl {
	f := s.files[file]
	if f == nil {
		return nil
	}
	for _, d := range f.ast.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && s.line(fn.Pos()) <= line && line <= s.line(fn.End()) {
			return fn
		}
	}
	return nil
}

// asReader changes all of a function's calls on the lock. With more than one place
// that takes it, some of them may write.
func (s *source) asReader(fn *ast.FuncDecl, lock *types.Var) error {
	var calls []*ast.SelectorExpr
	taken, others := 0, false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch v, method := s.lockCall(n); {
		case v != lock:
		case method == "Lock":
			taken++
			calls = append(calls, n.(*ast.CallExpr).Fun.(*ast.SelectorExpr))
		case method == "Unlock":
			calls = append(calls, n.(*ast.CallExpr).Fun.(*ast.SelectorExpr))
		default:
			others = true
		}
		return true
	})
	if taken != 1 || others || len(calls) < 2 {
		return refuse("%s takes %s %s: which of the places only read is for a person to see", fn.Name.Name, lock.Name(), howOften(taken, others))
	}
	for _, c := range calls {
		s.replace(c.Sel.Pos(), c.Sel.Pos(), "R")
	}
	return nil
}

func howOften(taken int, others bool) string {
	switch {
	case others:
		return "in several ways"
	case taken > 1:
		return "more than once"
	}
	return "and gives it back elsewhere"
}
