package edit

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// use returns the name of an imported package at a place, and adds the import
// if the file lacks it.
func (s *source) use(pkg string, at token.Pos) (string, error) {
	name := path.Base(pkg)
	has := false
	for _, imp := range s.file.Imports {
		if p, _ := strconv.Unquote(imp.Path.Value); p != pkg {
			continue
		}
		if imp.Name != nil && (imp.Name.Name == "_" || imp.Name.Name == ".") {
			continue
		}
		has = true
		if imp.Name != nil {
			name = imp.Name.Name
		}
	}
	if o := s.lookup(name, at); o != nil {
		if p, ok := o.(*types.PkgName); !ok || p.Imported().Path() != pkg {
			return "", refuse("the name %s, which the edit needs for package %s, is taken at line %d", name, pkg, s.line(at))
		}
	}
	if !has && !s.added[pkg] {
		s.added[pkg] = true
		s.addImport(pkg)
	}
	return name, nil
}

// addImport keeps a sorted block sorted: it goes into the first group of its kind,
// the standard library's or that of others, or a group of its own. A single import
// becomes a block.
func (s *source) addImport(pkg string) {
	quoted := strconv.Quote(pkg)
	var single *ast.GenDecl
	for _, decl := range s.file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.IMPORT {
			break
		}
		if d.Lparen.IsValid() {
			s.addToBlock(d, quoted)
			return
		}
		single = d
	}
	if n := len(s.file.Imports); n > 1 || n == 1 && s.textOf(s.file.Imports[0]) == `"C"` {
		end := s.file.Imports[n-1].End()
		s.replace(end, end, "\nimport "+quoted)
		return
	}
	if single == nil {
		end := s.file.Name.End()
		s.replace(end, end, "\n\nimport "+quoted)
		return
	}
	spec := single.Specs[0].(*ast.ImportSpec)
	first, second, gap := s.textOf(spec), quoted, "\n\t"
	if second < spec.Path.Value {
		first, second = second, first
	}
	if isStandard(first) != isStandard(second) {
		gap = "\n\n\t"
		if isStandard(second) {
			first, second = second, first
		}
	}
	s.replace(single.Pos(), single.End(), "import (\n\t"+first+gap+second+"\n)")
}

func (s *source) addToBlock(d *ast.GenDecl, quoted string) {
	group := s.groupFor(d, quoted)
	switch {
	case len(d.Specs) == 0:
		s.replace(d.Lparen+1, d.Lparen+1, "\n\t"+quoted)
		return
	case group == nil && isStandard(quoted):
		at := d.Specs[0].Pos()
		s.replace(at, at, quoted+"\n\n\t")
		return
	case group == nil:
		at := d.Specs[len(d.Specs)-1].End()
		s.replace(at, at, "\n\n\t"+quoted)
		return
	}
	for _, spec := range group {
		if spec.(*ast.ImportSpec).Path.Value > quoted {
			s.replace(spec.Pos(), spec.Pos(), quoted+"\n\t")
			return
		}
	}
	at := group[len(group)-1].End()
	s.replace(at, at, "\n\t"+quoted)
}

// groupFor returns the imports between two blank lines that a path belongs with,
// nil if there are none. Where one group mixes both kinds, it is everybody's.
func (s *source) groupFor(d *ast.GenDecl, quoted string) []ast.Spec {
	var group []ast.Spec
	for i, spec := range d.Specs {
		if i > 0 && s.line(spec.Pos()) > s.line(d.Specs[i-1].End())+1 {
			if fits(group, quoted) {
				return group
			}
			group = nil
		}
		group = append(group, spec)
	}
	if fits(group, quoted) {
		return group
	}
	return nil
}

func fits(group []ast.Spec, quoted string) bool {
	return slices.ContainsFunc(group, func(spec ast.Spec) bool {
		p := spec.(*ast.ImportSpec).Path.Value
		return p != `"C"` && isStandard(p) == isStandard(quoted)
	})
}

// isStandard reports whether an import is of the standard library, whose paths
// begin with a plain word.
func isStandard(quoted string) bool {
	first, _, _ := strings.Cut(quoted, "/")
	return !strings.Contains(first, ".")
}

// dropImports removes imports that only a replaced expression used: the compiler
// refuses what is not used.
func (s *source) dropImports(gone ast.Expr) {
	for n := range ast.Preorder(gone) {
		id, ok := n.(*ast.Ident)
		if !ok {
			continue
		}
		pkg, ok := s.info.Uses[id].(*types.PkgName)
		if !ok || s.want.Cores && pkg.Imported().Path() == "runtime" {
			continue
		}
		kept := false
		for _, use := range s.uses(pkg) {
			kept = kept || use.Pos() < gone.Pos() || use.Pos() >= gone.End()
		}
		if !kept {
			s.dropImport(pkg)
		}
	}
}

func (s *source) dropImport(pkg *types.PkgName) {
	for _, decl := range s.file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.IMPORT {
			return
		}
		for _, spec := range d.Specs {
			if spec.(*ast.ImportSpec).Path.Value != strconv.Quote(pkg.Imported().Path()) {
				continue
			}
			if len(d.Specs) == 1 {
				s.dropLines(d)
			} else {
				s.dropLines(spec)
			}
			return
		}
	}
}

// dropLines removes the lines of a node.
func (s *source) dropLines(n ast.Node) {
	f := s.files[s.name]
	from, to := s.offset(n.Pos()), s.offset(n.End())
	for from > 0 && f.text[from-1] != '\n' {
		from--
	}
	for to < len(f.text) && f.text[to-1] != '\n' {
		to++
	}
	// No blank line is to stand beside another, nor at a block's beginning or end.
	blankAfter := to < len(f.text) && f.text[to] == '\n'
	switch {
	case blankAfter && from >= 2 && (f.text[from-2] == '\n' || f.text[from-2] == '('):
		to++
	case to < len(f.text) && f.text[to] == ')' && from >= 2 && f.text[from-2] == '\n':
		from--
	}
	f.edits = append(f.edits, udiff.Edit{Start: from, End: to})
}
