package placement

import (
	"go/ast"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
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
	Cores float64  // how many times the number of cores it is on a large machine, 0 for something else
	Usual float64  // likewise, of Config: what it is unless somebody chooses
	// Token is what waits for a free place before the hand-over, of Semaphore;
	// nil where a count is compared with a limit. Tokens is what bounds their
	// number, N of Const, None where that is not seen.
	Token  *effects.Op
	Tokens Class
	// Lock says that all tasks wait under one lock: a turn for each, of which there
	// can be no more.
	Lock bool
}

// limitOf classifies an expression that sets a limit. A negative constant means
// none, and so does the number of items: SetLimit(len(items)).
func (p *placer) limitOf(e ast.Expr) Limit {
	num := p.prog.Number(e, program.Package)
	l := Limit{Expr: e, Cores: num.TimesCores(), Usual: num.UsuallyTimesCores()}
	l.Class, l.N = classOf(num)
	switch {
	case l.Class == Const && l.N < 0:
		l.Class = None
	case num.By == program.Unknown:
		l.Class = Config
	}
	return l
}

// inside returns the limit of those who wait for a place on the goroutine that has
// been started for them.
func (p *placer) inside(n ast.Node) Limit {
	places, ok := p.prog.Inside(n)
	if !ok {
		return Limit{}
	}
	class, most := classOf(places.Number)
	return Limit{Class: class, N: most, Expr: places.Expr, Cores: places.TimesCores(), Usual: places.UsuallyTimesCores()}
}

// maxDepth is how many functions are followed one into the other.
const maxDepth = 4

// classOf says what bounds a number; None means that data decides or that nothing
// is known. A setting that has a largest value is still a setting.
func classOf(num program.Number) (Class, int64) {
	n, isConst := num.Const()
	switch {
	case num.By == program.Setting, num.By == program.Fixed && num.Set:
		return Config, n
	case isConst:
		return Const, n
	case num.Cores():
		return Cores, 0
	}
	return None, 0
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
