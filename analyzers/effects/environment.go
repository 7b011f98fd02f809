package effects

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds what runs only where somebody has set a variable of the
// environment: most run the program without.

// switchedOn reports whether the condition asks whether a variable of the
// environment is set.
func (p *pkg) switchedOn(cond ast.Expr) bool {
	switch c := program.Condition(p.info, cond).(type) {
	case *ast.Ident: // v, ok := os.LookupEnv("NAME"); ok
		found, ok := p.commaOK[p.prog.Variable(c)]
		return ok && p.asksEnvironment(found.in)
	case *ast.BinaryExpr:
		empty := p.info.Types[c.Y].Value
		if c.Op != token.NEQ || empty == nil || empty.ExactString() != `""` {
			return false
		}
		v := p.prog.Variable(c.X)
		return p.asksEnvironment(c.X) || v != nil && p.environment[v]
	}
	return false
}

// noteEnvironment records whether a text has come from the environment alone so
// far: a default in the code is another value.
func (p *pkg) noteEnvironment(v *types.Var, value ast.Expr) {
	if b, ok := v.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsString == 0 {
		return
	}
	known, seen := p.environment[v]
	p.environment[v] = (known || !seen) && p.asksEnvironment(value)
}

func (p *pkg) asksEnvironment(e ast.Expr) bool {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := p.calleeOf(c)
	return program.From(fn, "os") && (fn.Name() == "Getenv" || fn.Name() == "LookupEnv")
}
