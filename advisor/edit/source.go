package edit

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"golang.org/x/mod/modfile"

	"github.com/concurlint/concurlint/advisor"
)

// A source is the package of one file, with the edits that were collected.
type source struct {
	site  advisor.Site
	want  Want
	tune  bool
	notes []string

	fset    *token.FileSet
	name    string // of the file to edit
	file    *ast.File
	files   map[string]*parsed
	pkg     *types.Package
	info    types.Info
	parents map[ast.Node]ast.Node
	mod     *modfile.File // nil: none was found
	added   map[string]bool
	// newFiles are files that the package gets in addition, by path.
	newFiles map[string][]byte
}

type parsed struct {
	text  []byte
	ast   *ast.File
	edits []udiff.Edit
}

// load parses the package of a file and resolves its names. Imports are not
// followed: an edit rests on what this package alone shows. So types may be
// unknown, and whoever asks for one has to take that for "not proved".
func load(tree fs.FS, name string) (*source, error) {
	if !fs.ValidPath(name) {
		return nil, refuse("%s is not below the directory that was linted", name)
	}
	s := &source{
		fset: token.NewFileSet(), name: name,
		files: make(map[string]*parsed), parents: make(map[ast.Node]ast.Node), added: make(map[string]bool),
		newFiles: make(map[string][]byte),
	}
	if err := s.parse(tree, name); err != nil {
		return nil, err
	}
	s.file = s.files[name].ast
	entries, err := fs.ReadDir(tree, path.Dir(name))
	if err != nil {
		return nil, err
	}
	list := []*ast.File{s.file}
	for _, e := range entries {
		other := path.Join(path.Dir(name), e.Name())
		if e.IsDir() || !strings.HasSuffix(other, ".go") || other == name {
			continue
		}
		// A broken neighbour is no reason to refuse: it only proves less.
		if s.parse(tree, other) != nil {
			continue
		}
		if f := s.files[other].ast; f.Name.Name == s.file.Name.Name {
			list = append(list, f)
		}
	}
	s.info = types.Info{
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Types: make(map[ast.Expr]types.TypeAndValue), Implicits: make(map[ast.Node]types.Object),
	}
	conf := types.Config{Importer: noImports{}, FakeImportC: true, Error: func(error) {}}
	s.pkg, _ = conf.Check("edited", s.fset, list, &s.info)
	s.linkParents()
	s.mod = findMod(tree, path.Dir(name))
	return s, nil
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not followed") }

func (s *source) parse(tree fs.FS, name string) error {
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return err
	}
	f, err := parser.ParseFile(s.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("%v: the file does not parse", err)
	}
	s.files[name] = &parsed{text: text, ast: f}
	return nil
}

func (s *source) linkParents() {
	var stack []ast.Node
	ast.Inspect(s.file, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if len(stack) > 0 {
			s.parents[n] = stack[len(stack)-1]
		}
		stack = append(stack, n)
		return true
	})
}

func findMod(tree fs.FS, dir string) *modfile.File {
	for ; ; dir = path.Dir(dir) {
		if text, err := fs.ReadFile(tree, path.Join(dir, "go.mod")); err == nil {
			mod, _ := modfile.ParseLax("go.mod", text, nil)
			return mod
		}
		if dir == "." {
			return nil
		}
	}
}

// atLeast reports whether the module's language has what came with Go 1.minor.
func (s *source) atLeast(minor int) bool {
	if s.mod == nil || s.mod.Go == nil {
		return false
	}
	parts := strings.Split(s.mod.Go.Version, ".")
	if len(parts) < 2 {
		return false
	}
	n, err := strconv.Atoi(parts[1])
	return err == nil && n >= minor
}

func (s *source) parent(n ast.Node) ast.Node { return s.parents[n] }
func (s *source) offset(p token.Pos) int     { return s.fset.Position(p).Offset }
func (s *source) line(p token.Pos) int       { return s.fset.PositionFor(p, false).Line }
func (s *source) textOf(n ast.Node) string   { return s.between(n.Pos(), n.End()) }
func (s *source) object(x *ast.Ident) types.Object {
	if o := s.info.Uses[x]; o != nil {
		return o
	}
	return s.info.Defs[x]
}

func (s *source) between(from, to token.Pos) string {
	f := s.files[s.fset.Position(from).Filename]
	return string(f.text[s.offset(from):s.offset(to)])
}

func (s *source) replace(from, to token.Pos, text string) {
	f := s.files[s.fset.Position(from).Filename]
	f.edits = append(f.edits, udiff.Edit{Start: s.offset(from), End: s.offset(to), New: text})
}

// before inserts a statement on a line of its own before another one.
func (s *source) before(stmt ast.Stmt, lines ...string) {
	indent := s.indentOf(stmt.Pos())
	s.replace(stmt.Pos(), stmt.Pos(), strings.Join(lines, "\n"+indent)+"\n"+indent)
}

// after inserts a statement after another one.
func (s *source) after(stmt ast.Stmt, lines ...string) {
	indent := "\n" + s.indentOf(stmt.Pos())
	s.replace(stmt.End(), stmt.End(), indent+strings.Join(lines, indent))
}

// indentOf is the white space that the line of pos begins with.
func (s *source) indentOf(pos token.Pos) string {
	text := s.files[s.name].text
	off := s.offset(pos)
	begin := bytes.LastIndexByte(text[:off], '\n') + 1
	end := begin
	for end < off && (text[end] == '\t' || text[end] == ' ') {
		end++
	}
	return string(text[begin:end])
}

// lineEnd is the place after a brace that opens a block, or after the comment
// that follows it on its line.
func (s *source) lineEnd(brace token.Pos) token.Pos {
	for _, group := range s.file.Comments {
		if group.Pos() > brace && s.line(group.Pos()) == s.line(brace) {
			return group.List[0].End()
		}
	}
	return brace + 1
}

// lookup finds what a name means at a place.
func (s *source) lookup(name string, at token.Pos) types.Object {
	scope := s.pkg.Scope()
	if in := scope.Innermost(at); in != nil {
		scope = in
	}
	_, o := scope.LookupParent(name, token.NoPos)
	return o
}

// fresh returns the first of the names that nothing in the function uses.
func (s *source) fresh(in ast.Node, names ...string) string {
	taken := make(map[string]bool)
	ast.Inspect(in, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			taken[id.Name] = true
		}
		return true
	})
	i := slices.IndexFunc(names, func(n string) bool { return !taken[n] })
	if i >= 0 {
		return names[i]
	}
	for k := 2; ; k++ {
		if name := names[0] + strconv.Itoa(k); !taken[name] {
			return name
		}
	}
}
