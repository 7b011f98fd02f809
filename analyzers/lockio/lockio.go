package lockio

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/internal/doc"
	"github.com/concurlint/concurlint/analyzers/locks"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

//go:embed doc.go
var source string

// Analyzer reports locks held while waiting.
var Analyzer = &analysis.Analyzer{
	Name:       "lockio",
	Doc:        doc.Of(source, "lockio"),
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/lockio",
	Run:        effects.InTurn(run),
	Requires:   []*analysis.Analyzer{settings.Analyzer, effects.Analyzer, placement.Analyzer, locks.Analyzer, contracts.Analyzer, directive.Analyzer},
	ResultType: report.ResultType,
}

func run(pass *analysis.Pass) (any, error) {
	if settings.Of(pass).FactsOnly {
		return report.Done{}, nil
	}
	res := pass.ResultOf[placement.Analyzer].(*placement.Result)
	c := &checker{
		pass: pass, res: res, reporter: report.New(pass),
		hosts:     pass.ResultOf[locks.Analyzer].(*locks.Result),
		contracts: pass.ResultOf[contracts.Analyzer].(*contracts.Result),
		locks:     make(map[*types.Var]*lock),
		acquired:  make(map[*effects.Op]*placement.Region),
		onces:     make(map[*effects.Op]*placement.Region),
		puts:      make(map[*effects.Func]*puts),
		makers:    make(map[types.Type]int),
		served:    make(map[*effects.Func]token.Pos),
		found:     make(map[search]*stranger),
		shelters:  make(map[shelter]map[*effects.Func]bool),
		enters:    make(map[search][]*placement.Region),
		under:     make(map[*placement.Region][]*placement.Region),
		passages:  make(map[passing]passage),
		stands:    make(map[*effects.Op][]program.Flag),
	}
	if c.prog() == nil {
		return report.Done{}, nil // the standard library
	}
	if c.hosts.Neighbours() {
		c.readGuests()
	}
	c.readOnces()
	if len(res.Regions)+len(c.guests)+len(c.onces) == 0 {
		return report.Done{}, nil
	}
	c.survey()
	// Of two findings that are as sure, that of a lock which is surely held counts.
	for _, sometimes := range []bool{false, true} {
		for _, r := range res.Regions {
			if r.Sometimes == sometimes && !r.Local && c.reporter.Wanted(r.Acquire.Node.Pos()) {
				c.region(r)
			}
		}
	}
	c.comeAgain()
	for _, g := range c.guests {
		if c.reporter.Wanted(g.at.Pos()) {
			c.visit(g)
		}
	}
	return c.reporter.Done(), nil
}

type checker struct {
	told      map[effects.Kind]bool // kinds that were sure in the region at hand
	pass      *analysis.Pass
	res       *placement.Result
	reporter  *report.Reporter
	hosts     *locks.Result
	contracts *contracts.Result // what must not wait, and says so by rule blockloop
	guests    []guest           // functions that other packages run
	locks     map[*types.Var]*lock
	acquired  map[*effects.Op]*placement.Region // regions by the op that takes the lock
	onces     map[*effects.Op]*placement.Region // likewise, by the call of Do

	set      map[*types.Var]bool // fields that get another value; nil until wanted
	puts     map[*effects.Func]*puts
	served   map[*effects.Func]token.Pos // see servedAt
	sends    map[*types.Var][]far        // who sends to a channel or closes it; nil until wanted
	receipts map[*types.Var][]far        // who receives from one; likewise
	found    map[search]*stranger
	shelters map[shelter]map[*effects.Func]bool        // see sheltered
	enters   map[search][]*placement.Region            // see taken
	under    map[*placement.Region][]*placement.Region // those that are entered in a region's own function
	passages map[passing]passage                       // see passageIn
	handled  map[string]bool                           // see handles; nil until wanted
	stands   map[*effects.Op][]program.Flag            // see standing
	stays    map[*types.Var]bool                       // see staysIn; nil until wanted
	tasks    map[*effects.Func]bool                    // functions that are handed to an executor; nil until wanted
	makers   map[types.Type]int                        // see makes
	pieces   map[*types.Var]bool                       // see oneOfPieces; nil until wanted
}

// A verdict is what the rule has observed about one effect under a lock.
type verdict struct {
	signals []string
	why     string        // consequence, where it is not the usual one
	at      []report.Step // the other side, where that is to blame
	reader  []report.Step // the other side, where it is slow
}

func (v verdict) confidence() float64 { return evidence.Judge("lockio", v.signals).Confidence }

// region checks what runs under r, looking up names last: what follows a look-up
// says more about why it is slow.
func (c *checker) region(r *placement.Region) {
	c.told = make(map[effects.Kind]bool)
	var lookUps []placement.Held
	for _, h := range r.Held {
		if e := h.Op.Effect(effects.Net); e != nil && e.Label == "dns" {
			lookUps = append(lookUps, h)
			continue
		}
		c.check(r, h.Op)
	}
	for _, h := range lookUps {
		c.check(r, h.Op)
	}
	c.retakes(r)
	c.left(r)
	c.inner(r)
	c.unknown(r)
}

// check reports the surest effect of an op that runs under r.
func (c *checker) check(r *placement.Region, op *effects.Op) {
	var worst *effects.Effect
	var v verdict
	for i := range op.Effects {
		e := &op.Effects[i]
		if w, ok := c.judge(r, op, e); ok && (worst == nil || w.confidence() > v.confidence()) {
			worst, v = e, w
		}
	}
	if worst == nil || c.told[worst.Kind] {
		return
	}
	// Moving the first wait out of the region is the cure for the others too.
	c.told[worst.Kind] = v.confidence() >= evidence.Sure
	if v.why == "" {
		v.why = "so all who want the lock wait too"
	}
	subject := report.Subject(worst) + " " + report.Verb(worst)
	if _, call := op.Node.(*ast.CallExpr); !call {
		subject = "this " + worst.Chain[0].Call
	}
	f := report.Finding{
		Pos:      op.Node.Pos(),
		End:      op.Node.End(),
		Most:     evidence.Warning,
		Signals:  v.signals,
		Kind:     worst.Name(),
		Cause:    c.cause(r, op),
		Message:  r.Name() + " is held while " + subject + ", " + v.why,
		Chain:    report.Chain(op.Node.Pos(), worst.Chain),
		Proposal: func() *analysis.SuggestedFix { return c.proposal(r, op) },
		Related:  append([]report.Step{{Pos: r.Acquire.Node.Pos(), Message: r.Name() + " is taken here"}}, v.at...),
	}
	if s := c.sufferer(held{r, op, worst}); s != nil && v.at == nil {
		f.Related = append(f.Related, report.Step{Pos: s.Acquire.Node.Pos(), Message: "short work waits for the lock here"})
	}
	f.Related = append(f.Related, v.reader...)
	c.reporter.Report(f)
}

// cause names what an op under r calls, together with the lock: the functions that call it so
// are all mended where it waits, or takes the lock. It is empty where the op calls no function
// of this package.
func (c *checker) cause(r *placement.Region, op *effects.Op) string {
	name := c.hosts.Name(r.Lock)
	if name == "" || c.res.Effects.Func(op.Callee()) == nil {
		return ""
	}
	return effects.DisplayName(op.Callee(), nil) + " under " + name
}
