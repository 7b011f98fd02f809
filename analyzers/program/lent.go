package program

import (
	"go/types"

	"golang.org/x/tools/go/types/objectpath"
)

// Lent is a fact: what a package sizes by fields and variables of other packages, as by
// those of a configuration that main fills in. A fact of a variable is told by the package
// that declares it alone, so this is one of the package that uses it, which says what those
// below it say as well: who sets the variable may import that package alone.
type Lent struct{ Sizes []LentSize }

// A LentSize says what a variable of another package sizes here.
type LentSize struct {
	Path, Name string          // of the package and the variable
	Object     objectpath.Path // of the variable in its package
	Sized
}

// AFact marks Lent as a fact.
func (*Lent) AFact() {}

// String is for tests and for people who look for a mistake.
func (l *Lent) String() string {
	out := ""
	for _, z := range l.Sizes {
		out += z.Path + "." + z.Name + " sizes " + z.Of.String() + "\n"
	}
	return out
}

// LentAs returns what another package that uses it sizes by a variable of a third one, or nil.
func (p *Program) LentAs(v *types.Var) *Sized {
	if p.Imported == nil || v == nil || v.Pkg() == nil || !v.Exported() || !numeric(v.Type()) {
		return nil
	}
	if p.lent == nil {
		p.lent = make(map[string][]LentSize)
		for _, z := range p.Imported() {
			p.lent[z.Path+"."+z.Name] = append(p.lent[z.Path+"."+z.Name], z)
		}
	}
	list := p.lent[v.Pkg().Path()+"."+v.Name()]
	if len(list) == 0 {
		return nil
	}
	at, err := p.paths.For(v)
	if err != nil {
		return nil
	}
	for i := range list {
		if list[i].Object == at {
			return &list[i].Sized
		}
	}
	return nil
}

// Lend returns how other packages find a variable of another package, by what it sizes here.
func (p *Program) Lend(v *types.Var, z Sized) (LentSize, bool) {
	if !v.Exported() || !numeric(v.Type()) {
		return LentSize{}, false
	}
	at, err := p.paths.For(v)
	return LentSize{v.Pkg().Path(), v.Name(), at, z}, err == nil
}
