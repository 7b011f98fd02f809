package bounds

import (
	"cmp"
	"go/ast"
	"go/types"
	"iter"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// own adds the arguments of this package's functions that size something and that
// the function refuses with an error, where the error is dropped: then there is
// no pool for what follows.
func (f *finder) own() {
	if len(f.calls) == 0 {
		return
	}
	sized := Functions(f.p, f.list)
	for _, c := range f.calls {
		for _, z := range slices.Concat(f.p.Sized(c.fn), sized[c.fn]) {
			if z.Fails && z.Asked && z.Arg >= 0 && z.Arg < len(c.expr.Args) {
				f.list = append(f.list, Bound{Sized: z, Expr: c.expr.Args[z.Arg], By: c.fn, Dropped: true})
			}
		}
	}
}

// Functions returns what the functions of a package size by their arguments.
func Functions(p *program.Program, list []Bound) map[*types.Func][]program.Sized {
	m := make(map[*types.Func][]program.Sized)
	for _, b := range list {
		for _, en := range p.Entries(b.Expr) {
			if en.Func == nil {
				continue
			}
			z := program.Sized{Arg: en.Arg, Of: b.Of, Stuck: b.Stuck, Asked: b.Asked || en.Asked, Fails: fails(en.Func), Low: b.Low}
			if en.Asked && b.Low == nil {
				z.Low = p.Instead(b.Expr, en.Func.Signature().Params().At(en.Arg))
			}
			m[en.Func] = append(m[en.Func], z)
		}
	}
	return m
}

// Facts calls export for each function, field and variable of the package of which
// other packages need to know what it sizes, or what number it is; list are the
// bounds that were found.
func Facts(p *program.Program, list []Bound, export func(types.Object, *program.Sizing)) {
	facts := make(map[types.Object]*program.Sizing)
	fact := func(obj types.Object) *program.Sizing {
		if facts[obj] == nil {
			facts[obj] = new(program.Sizing)
		}
		return facts[obj]
	}
	for fn, sizes := range Functions(p, list) {
		if fn.Exported() {
			fact(fn).Sizes = sizes
		}
	}
	for _, b := range list {
		for _, en := range p.Entries(b.Expr) {
			if en.Var != nil && en.Var.Pkg() == p.Package() {
				fact(en.Var).Sizes = []program.Sized{{Of: b.Of, Stuck: b.Stuck, Asked: b.Asked || en.Asked}}
			}
		}
	}
	if tellsNumbers(p) {
		values(p, fact)
	}
	owners(p, list, fact)
	pieces(p, fact)
	for obj, s := range facts {
		if len(s.Sizes) > 0 || s.Value != nil || s.Pieces != nil {
			export(obj, s)
		}
	}
}

// tellsNumbers reports whether the package may say something of the number of
// cores or of the default of a flag.
func tellsNumbers(p *program.Program) bool {
	for _, imp := range p.Package().Imports() {
		switch imp.Path() {
		case "runtime", "flag", program.Pflag:
			return true
		}
	}
	return false
}

// values adds the numbers that exported functions return and that fields and
// variables get, where they follow the cores or are the default of a flag.
func values(p *program.Program, fact func(types.Object) *program.Sizing) {
	for fn := range answering(p) {
		if !isInteger(fn.Signature().Results().At(0).Type()) {
			continue
		}
		if n, cpus := p.Result(fn); n.Cores() || n.UsuallyTimesCores() > 0 {
			s := fact(fn)
			s.Value, s.CPUs = &n, cpus
		}
	}
	for v, o := range p.Defaults() {
		s := fact(v)
		s.Value, s.CPUs, s.Unset, s.Asked = &o.Number, o.CPUs, o.Default, o.Asked
	}
}

// pieces adds which argument of an exported function says how many elements the slice has that
// it returns.
func pieces(p *program.Program, fact func(types.Object) *program.Sizing) {
	for fn := range answering(p) {
		if at := p.Pieces(fn); at != nil {
			fact(fn).Pieces = at
		}
	}
}

// answering goes over the exported functions of the package that return something.
func answering(p *program.Program) iter.Seq[*types.Func] {
	return func(yield func(*types.Func) bool) {
		for _, file := range p.Files() {
			for _, d := range file.Decls {
				fd, ok := d.(*ast.FuncDecl)
				if !ok || fd.Body == nil {
					continue
				}
				fn, _ := p.Info().Defs[fd.Name].(*types.Func)
				if fn != nil && fn.Exported() && fn.Signature().Results().Len() > 0 && !yield(fn) {
					return
				}
			}
		}
	}
}

// Lent returns what a package and those that it imports size by variables of others, nil
// for nothing.
func Lent(p *program.Program, list []Bound) *program.Lent {
	var sizes []program.LentSize
	for _, b := range list {
		for _, en := range p.Entries(b.Expr) {
			if en.Var == nil || en.Var.Pkg() == nil || en.Var.Pkg() == p.Package() {
				continue
			}
			if z, ok := p.Lend(en.Var, program.Sized{Of: b.Of, Stuck: b.Stuck, Asked: b.Asked || en.Asked}); ok {
				sizes = append(sizes, z)
			}
		}
	}
	if p.Imported != nil {
		sizes = append(sizes, p.Imported()...)
	}
	slices.SortStableFunc(sizes, func(a, b program.LentSize) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Object, b.Object))
	})
	sizes = slices.CompactFunc(sizes, func(a, b program.LentSize) bool { return a.Path == b.Path && a.Object == b.Object })
	if len(sizes) == 0 {
		return nil
	}
	return &program.Lent{Sizes: sizes}
}
