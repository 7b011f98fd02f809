package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/bounds"
	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// Analyzer computes a Result for the package and exports a Summary for each
// function that has something to say. It reports nothing.
var Analyzer = &analysis.Analyzer{
	Name:       "effects",
	Doc:        "summarize what functions wait for and compute",
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/effects",
	Run:        run,
	Requires:   []*analysis.Analyzer{settings.Analyzer, directive.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{new(Summary), new(promises), new(Table), new(program.Sizing), new(program.Lent), new(conveys), new(fixed)},
}

// pkg is the state of the pass over one package.
type pkg struct {
	fset  *token.FileSet
	info  *types.Info
	types *types.Package
	base  *knowledge.Base
	pass  *analysis.Pass
	prog  *program.Program
	own   bool // of the module at hand

	funcs       []*Func // declarations and literals in source order
	decls       map[*types.Func]*Func
	lits        map[*ast.FuncLit]*Func
	defs        map[*types.Var]*def
	files       []*ast.File
	loggers     map[any]share           // of a type's name or a package: see logs
	commaOK     map[*types.Var]lookup   // by the variable that says whether it was there
	endings     map[*types.Var]*endings // of channels
	environment map[*types.Var]bool     // see noteEnvironment
	recalled    map[*types.Var]bool     // see noteRecalled
	takers      map[*types.Var]bool     // see taken
	paired      map[*types.Named]bool   // see pairs
	drains      map[*types.Var]bool     // see drained
	changed     map[*types.Var]bool     // boolean variables that are set after their definition
	knownFuncs  map[*types.Func]*callee
	fixed       map[*types.Var]*types.Func // see fixedElsewhere
	promoted    map[method]*callee
	impls       map[*types.Func][]*Func
	concrete    map[string][]concreteMethod // by name, once asked for
	done        map[*types.Func]bool        // see settled
	distillates map[*types.Func][]distillate
	groupOps    map[*Func][]groupOp      // see onGroups
	common      map[*types.Func][]Effect // see behind
	provided    map[*types.Func][]*Func  // of exported interfaces
	conveyed    map[*types.Func]*conveys // see conveysOf
	marked      map[*types.Func]*Summary // interface methods with directives
	called      map[*Func][]*Func        // see Reached
	once        map[*Func]bool           // see RunsOnce
	callSites   map[*types.Func][]CallSite
	callers     *callers          // once asked for
	up          map[*Func]*ascent // see Reaches
	wrapperPkgs map[string]bool
	bounds      []bounds.Bound           // see numbers
	pending     []pending                // calls of variables
	open        map[*types.Func][]Effect // see behindNow; nil outside of recursive groups
	answered    bool                     // that of open is worked out
	inTest      bool                     // collecting a _test.go file
	steps       int                      // of following definitions, see step
	emptied     map[*types.Var]bool      // see empties; nil before it is asked for
}

func run(pass *analysis.Pass) (any, error) {
	res := &Result{}
	if module.Distribution(pass) {
		return res, nil
	}
	set := settings.Of(pass)
	base, err := set.Knowledge()
	if err != nil {
		return nil, err
	}
	if set.Packed {
		var write func()
		pass, write = pack(pass)
		defer write()
	}
	p := &pkg{
		fset:        pass.Fset,
		info:        pass.TypesInfo,
		types:       pass.Pkg,
		base:        base,
		pass:        pass,
		own:         !module.Dependency(pass),
		prog:        program.New(pass.Fset, settings.Files(pass), pass.Pkg, pass.TypesInfo),
		decls:       make(map[*types.Func]*Func),
		lits:        make(map[*ast.FuncLit]*Func),
		defs:        make(map[*types.Var]*def),
		changed:     make(map[*types.Var]bool),
		files:       settings.Files(pass),
		loggers:     make(map[any]share),
		commaOK:     make(map[*types.Var]lookup),
		endings:     make(map[*types.Var]*endings),
		paired:      make(map[*types.Named]bool),
		environment: make(map[*types.Var]bool),
		recalled:    make(map[*types.Var]bool),
		knownFuncs:  make(map[*types.Func]*callee),
		fixed:       make(map[*types.Var]*types.Func),
		promoted:    make(map[method]*callee),
		impls:       make(map[*types.Func][]*Func),
		done:        make(map[*types.Func]bool),
		distillates: make(map[*types.Func][]distillate),
		groupOps:    make(map[*Func][]groupOp),
		common:      make(map[*types.Func][]Effect),
		provided:    make(map[*types.Func][]*Func),
		conveyed:    make(map[*types.Func]*conveys),
		marked:      make(map[*types.Func]*Summary),
		called:      make(map[*Func][]*Func),
		up:          make(map[*Func]*ascent),
		wrapperPkgs: wrapperPackages,
	}
	p.prog.Base, p.prog.Whole = base, p.own
	p.prog.Import = func(obj types.Object, s *program.Sizing) bool { return pass.ImportObjectFact(obj, s) }
	if p.own {
		p.prog.Imported = func() (list []program.LentSize) {
			for _, imp := range pass.Pkg.Imports() {
				var fact program.Lent
				if pass.ImportPackageFact(imp, &fact) {
					list = append(list, fact.Sizes...)
				}
			}
			return list
		}
	}
	p.prog.Exits = func(fn *types.Func) bool { k := p.known(fn); return k != nil && k.exits }
	res.p = p
	for _, f := range settings.Files(pass) {
		p.collect(f)
	}
	p.resolvePending()
	p.readMarks(pass.ResultOf[directive.Analyzer].(*directive.Set))
	p.readTold()
	p.solve()
	p.export(pass)
	return res, nil
}

// wrapperPackages hold types that read or write what they were made from.
var wrapperPackages = func() map[string]bool {
	m := make(map[string]bool)
	for _, path := range []string{
		"bufio", "io", "archive/tar", "archive/zip", "compress/gzip", "compress/zlib", "compress/flate", "compress/bzip2", "compress/lzw",
		"encoding/json", "encoding/xml", "encoding/gob", "encoding/csv", "encoding/base64", "encoding/hex", "text/tabwriter", "net/textproto",
		"mime/multipart", "mime/quotedprintable", "gopkg.in/yaml.v2", "gopkg.in/yaml.v3", "go.yaml.in/yaml/v3", "github.com/klauspost/compress/zstd",
		"github.com/klauspost/compress/gzip", "github.com/klauspost/compress/s2", "github.com/golang/snappy", "github.com/pierrec/lz4/v4", "github.com/DataDog/zstd",
	} {
		m[path] = true
	}
	return m
}()

// collect records the functions, literals, assignments and ops of a file, all in
// one walk: this is where most of the time goes.
func (p *pkg) collect(file *ast.File) {
	for _, d := range file.Decls {
		p.inTest = p.prog.InTest(d.Pos())
		fd, ok := d.(*ast.FuncDecl)
		if !ok {
			p.collectIn(nil, d)
			continue
		}
		obj, _ := p.info.Defs[fd.Name].(*types.Func)
		f := &Func{Decl: fd, Obj: obj}
		p.funcs = append(p.funcs, f)
		if obj != nil {
			f.params = paramsOf(obj.Signature())
			p.decls[obj] = f
		}
		if fd.Body != nil {
			w := &walker{p: p, fn: f, cert: Always, sure: Always}
			w.block(fd.Body.List)
		}
	}
}

// literal records a function literal in parent, which is nil for one in a
// package-level variable.
func (p *pkg) literal(parent *Func, lit *ast.FuncLit) {
	f := &Func{Lit: lit, Parent: parent}
	if sig, ok := p.prog.TypeOf(lit).(*types.Signature); ok {
		f.params = paramsOf(sig)
	}
	p.funcs = append(p.funcs, f)
	p.lits[lit] = f
	w := &walker{p: p, fn: f, cert: Always, sure: Always}
	w.block(lit.Body.List)
}

// collectIn records literals and assignments where there are no ops: in
// package-level declarations.
func (p *pkg) collectIn(parent *Func, n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			p.literal(parent, n)
			return false
		case *ast.ValueSpec:
			p.collectSpec(n)
		case *ast.CompositeLit:
			p.collectFields(n)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				p.lentOut(n.X)
			}
		case *ast.FuncType, *ast.StructType, *ast.InterfaceType:
			return false
		}
		return true
	})
}

// paramsOf returns the named parameters of a function, and its receiver.
func paramsOf(sig *types.Signature) []param {
	all := make([]param, 0, sig.Params().Len()+1)
	if r := sig.Recv(); r != nil && r.Name() != "" {
		all = append(all, param{r, -1})
	}
	for i := range sig.Params().Len() {
		if v := sig.Params().At(i); v.Name() != "" {
			all = append(all, param{v, i})
		}
	}
	return all
}

func (p *pkg) importFact(obj types.Object, s *Summary) bool { return p.pass.ImportObjectFact(obj, s) }

// export publishes the summaries that callers in other packages can use.
func (p *pkg) export(pass *analysis.Pass) {
	for _, f := range p.funcs {
		if f.Obj == nil || !f.Obj.Exported() && f.Obj.Name() != "init" || f.Obj.Pkg() != p.types {
			continue
		}
		if f.Told != nil || !p.own && hidden(f.Obj) {
			continue // those who call it read the same knowledge, or there are none
		}
		if p.own {
			if c := p.conveysOf(f.Obj); c != nil {
				p.pass.ExportObjectFact(f.Obj, c)
			}
		}
		if s := p.exported(f); s != nil {
			p.locate(s)
			pass.ExportObjectFact(f.Obj, s)
		}
	}
	p.exportMarked()
	p.exportFixed()
	p.exportRemote()
	if p.own {
		p.exportFields()
		bounds.Facts(p.prog, p.numbers(), func(obj types.Object, s *program.Sizing) { pass.ExportObjectFact(obj, s) })
		if lent := bounds.Lent(p.prog, p.numbers()); lent != nil {
			pass.ExportPackageFact(lent)
		}
	}
}

// numbers are the bounds of the package, once asked for.
func (p *pkg) numbers() []bounds.Bound {
	if p.bounds == nil {
		p.bounds = append(make([]bounds.Bound, 0, 1), bounds.Find(p.prog)...)
	}
	return p.bounds
}

// hidden reports whether fn is a method of a type that is not exported: other
// packages call it through an interface, if at all.
func hidden(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil {
		return false
	}
	n := named(recv.Type())
	return n != nil && !n.Obj().Exported()
}

// locate turns positions into text, which is all another package can use.
func (p *pkg) locate(s *Summary) {
	for i := range s.Effects {
		chain := s.Effects[i].Chain
		for j := range chain {
			if chain[j].Pos.IsValid() {
				chain[j] = Frame{Where: p.where(chain[j].Pos), Call: chain[j].Call}
			}
		}
	}
}

// exported returns the part of s worth a fact, or nil. Dependencies export
// less: nobody asks for the class of their functions, and facts cost.
func (p *pkg) exported(f *Func) *Summary {
	s := &f.Summary
	out := &Summary{Endless: s.Endless, Mark: s.Mark, Lock: s.Lock, NonBlocking: s.NonBlocking, Offload: s.Offload}
	if f.Obj != nil && p.prog.Ends(f.Obj) {
		out.Mark |= MarkExits
	}
	if s.Mark&MarkNonBlocking == 0 {
		for i, e := range s.Effects {
			if worthAFact(&e, p.own) {
				e.Chain = exportChain(e.Chain, p.own && leading(s.Effects, e.Kind) == &s.Effects[i])
				out.Effects = append(out.Effects, e)
			}
		}
	}
	for _, u := range s.Uses {
		if !p.own && u.Certainty <= Rarely || u.Arg > mostArgs {
			continue
		}
		if u.owner == f && (p.own || u.Method == "" || ioMethod(u.Method)) {
			u.Awaited, u.Again = u.Awaited || p.awaited(u), p.again(u)
			u.Late = u.Late || p.takesLate(u)
			u.chain, u.owner, u.start, u.at, u.tries = nil, nil, nil, nil, tries{}
			out.Uses = append(out.Uses, u)
		}
	}
	if p.own {
		out.Uses = append(out.Uses, p.handsOver(f)...)
	}
	if len(out.Effects) == 0 && len(out.Uses) == 0 && !out.Endless && out.Mark == 0 && out.Lock == 0 && out.NonBlocking|out.Offload == 0 {
		return nil
	}
	return out
}

// exportChain shortens a chain. Of dependencies the primitive alone is told:
// every package above writes the fact again.
func exportChain(chain []Frame, own bool) []Frame {
	switch n := len(chain); {
	case !own && n > 0:
		return []Frame{{Call: chain[n-1].Call}}
	case n > exportFrames:
		return append(slices.Clone(chain[:exportFrames-1]), chain[n-1])
	}
	return slices.Clone(chain)
}

func worthAFact(e *Effect, own bool) bool {
	switch e.Kind {
	case CPU:
		// What callers would not carry on, they need not know.
		return e.Certainty >= Usually && (e.Weight == Costly || own && e.carries())
	case Dynamic:
		return false
	case Lock, Spawn:
		return own
	}
	if e.Flags&(Hint|Buffered) != 0 {
		return own
	}
	if e.Kind == Chan && !own {
		// A channel on one path through a dependency is its own affair: a
		// decoder that can also fill a channel does not block for that.
		return e.Certainty == Always
	}
	return e.Certainty >= Usually || own && e.Certainty == Missed
}

// ioMethod reports whether reading or writing an argument calls the method.
func ioMethod(name string) bool { return name == "Read" || name == "Write" }
