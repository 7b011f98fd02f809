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

// A Class says what kind of expression bounds something.
type Class int

// The classes.
const (
	None      Class = iota // data decides, or nothing
	Endless                // a loop over incoming work: accepts, messages
	Const                  // a constant, N
	Cores                  // GOMAXPROCS or NumCPU, times K
	Config                 // a setting
	Semaphore              // a token is taken before the hand-over
)

// A Limit is what bounds the number of tasks in flight.
type Limit struct {
	Class Class
	N     int64    // of Const
	Expr  ast.Expr // where it is written, if it is
	Cores float64  // how many times the number of cores it is, 0 for something else
	// Token is what waits for a free place before the hand-over, of Semaphore;
	// nil where a count is compared with a limit.
	Token *effects.Op
}

// limitOf classifies an expression that sets a limit. A negative constant
// means none.
func (p *placer) limitOf(e ast.Expr) Limit {
	class, n := p.classify(e, 0)
	if class == Const && n < 0 {
		class = None
	}
	if m, ok := p.onCores(e, manyCores); class == Cores && ok && m > manyCores {
		class = Config // a multiple of the cores is meant for waiting
	}
	if class == None {
		class = Config
		if n < 0 {
			class = None
		}
		if p.isLen(e) {
			class = None // SetLimit(len(items)) bounds nothing
		}
	}
	return Limit{Class: class, N: n, Expr: e, Cores: p.timesCores(e)}
}

const maxDepth = 4

// manyCores is a machine on which a size that follows the cores shows its factor.
const manyCores = 16

// classify classifies an integer expression; None means that data decides or
// that nothing is known.
func (p *placer) classify(e ast.Expr, depth int) (Class, int64) {
	if depth > maxDepth {
		return None, 0
	}
	if tv := p.info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.Int {
		n, _ := constant.Int64Val(tv.Value)
		return Const, n
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return p.classifyCall(e, depth)
	case *ast.BinaryExpr:
		x, n := p.classify(e.X, depth+1)
		y, m := p.classify(e.Y, depth+1)
		switch {
		case x == Cores || y == Cores:
			return Cores, 0
		case x == Const && y == Const:
			return Const, max(n, m)
		case p.isLen(e.X) || p.isLen(e.Y):
			return None, 0
		}
		return max(x, y), 0
	case *ast.Ident, *ast.SelectorExpr:
		return p.classifyVar(e, depth)
	case *ast.IndexExpr, *ast.StarExpr: // an element, a flag
		return Config, 0
	}
	return None, 0
}

func (p *placer) classifyCall(c *ast.CallExpr, depth int) (Class, int64) {
	if tv := p.info.Types[c.Fun]; tv.IsType() && len(c.Args) == 1 {
		return p.classify(c.Args[0], depth+1)
	}
	switch name := calledName(c); name {
	case "NumCPU", "GOMAXPROCS":
		return Cores, 0
	case "len", "cap", "Len", "Size", "Count":
		return None, 0
	case "min", "Min", "MinInt":
		for _, a := range c.Args {
			if class, n := p.classify(a, depth+1); class != None {
				return class, n
			}
		}
		return None, 0
	case "max", "Max", "MaxInt":
		best, num := None, int64(0)
		for _, a := range c.Args {
			class, n := p.classify(a, depth+1)
			if class == None {
				return None, 0
			}
			if best == None || class > best {
				best, num = class, n
			}
		}
		return best, num
	}
	return Config, 0 // a function of the program says how many
}

func (p *placer) classifyVar(e ast.Expr, depth int) (Class, int64) {
	v := p.fx.Variable(e)
	if v == nil {
		return None, 0
	}
	if v.IsField() || v.Parent() == p.pass.Pkg.Scope() || v.Pkg() != p.pass.Pkg {
		return Config, 0
	}
	for _, def := range p.localDefs(v) {
		if class, n := p.classify(def, depth+1); class != None {
			return class, n
		}
		if p.isLen(def) {
			return None, 0
		}
	}
	return Config, 0 // a parameter, or worked out in some other way
}

// localDefs returns the values assigned to a local integer variable. Package
// effects keeps no integers.
func (p *placer) localDefs(v *types.Var) []ast.Expr {
	if p.ints == nil {
		p.ints = p.collectInts()
	}
	return p.ints[v]
}

func (p *placer) collectInts() map[*types.Var][]ast.Expr {
	m := make(map[*types.Var][]ast.Expr)
	add := func(l, r ast.Expr) {
		v := p.fx.Variable(l)
		if v == nil || v.IsField() {
			return
		}
		if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
			m[v] = append(m[v], r)
		}
	}
	for _, f := range settings.Files(p.pass) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.DEFINE || n.Tok == token.ASSIGN) {
					for i := range n.Lhs {
						add(n.Lhs[i], n.Rhs[i])
					}
				}
			case *ast.ValueSpec:
				for i := range min(len(n.Names), len(n.Values)) {
					add(n.Names[i], n.Values[i])
				}
			}
			return true
		})
	}
	return m
}

// isLen reports whether an expression is the size of a collection, directly or
// through a variable.
func (p *placer) isLen(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		switch calledName(e) {
		case "len", "Len", "Size", "Count":
			return true
		}
		if tv := p.info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
			return p.isLen(e.Args[0])
		}
	case *ast.BinaryExpr:
		return p.isLen(e.X) || p.isLen(e.Y)
	case *ast.Ident:
		if v := p.fx.Variable(e); v != nil && !v.IsField() {
			for _, d := range p.localDefs(v) {
				if c, ok := ast.Unparen(d).(*ast.CallExpr); ok && calledName(c) == "len" {
					return true
				}
			}
		}
	}
	return false
}

func calledName(c *ast.CallExpr) string {
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// bounding reports whether a name is that of a limit or of a worker count.
func bounding(name string) bool {
	name = strings.ToLower(name)
	for _, s := range []string{"max", "limit", "concurr", "parallel", "worker", "thread", "inflight", "in_flight", "pending", "outstanding", "running", "active", "budget", "quota", "sem", "slot"} {
		if strings.Contains(name, s) {
			return true
		}
	}
	return false
}
