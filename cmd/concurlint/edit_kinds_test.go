package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An editKind changes the file, or reports that there is nothing in it to change.
type editKind struct {
	name  string
	apply func(*editor, *goFile) bool
}

var editKinds = []editKind{
	{"move lines", (*editor).moveLines},
	{"touch a comment", (*editor).touchComment},
	{"add a function", (*editor).addFunction},
	{"remove a function", (*editor).removeFunction},
	{"change a signature", (*editor).changeSignature},
	{"add an effect", (*editor).addEffect},
	{"add an effect", (*editor).addEffect}, // what the rules are about comes twice as often
	{"take back an addition", (*editor).takeBack},
	{"add a file", (*editor).addFile},
	{"delete a file", (*editor).deleteFile},
	{"break the types", (*editor).breakTypes},
}

// A goFile is a file with its syntax.
type goFile struct {
	e      *editor
	name   string
	text   []byte
	fset   *token.FileSet
	syntax *ast.File
}

// read returns nil for what cannot be parsed, and for files with C in them, of
// which comments are a part of the program.
func read(name string) *goFile {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	f := &goFile{name: name, text: text, fset: token.NewFileSet()}
	f.syntax, err = parser.ParseFile(f.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || slices.ContainsFunc(f.syntax.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"C"` }) {
		return nil
	}
	return f
}

func (f *goFile) offset(p token.Pos) int { return f.fset.Position(p).Offset }

// functions lists the declared functions that wanted accepts, without those that
// the language or the linker knows by name.
func (f *goFile) functions(wanted func(*ast.FuncDecl) bool) (list []*ast.FuncDecl) {
	for _, d := range f.syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if ok && fn.Body != nil && fn.Name.Name != "main" && fn.Name.Name != "init" && fn.Name.Name != "_" && wanted(fn) {
			list = append(list, fn)
		}
	}
	return list
}

// An insertion is text to put somewhere.
type insertion struct {
	at   token.Pos
	text string
}

// insert adds to the file, from front to back, what can be taken back later.
func (f *goFile) insert(list ...insertion) bool {
	text, done := f.text, addition{file: f.name}
	for _, in := range slices.Backward(list) {
		text = slices.Insert(slices.Clone(text), f.offset(in.at), []byte(in.text)...)
		done.parts = append(done.parts, in.text)
	}
	f.e.added = append(f.e.added, done)
	return f.e.save(f.name, text)
}

// fresh is a name that nobody has used.
func (f *goFile) fresh() string { return fmt.Sprintf("edited%d", f.e.count) }

func (e *editor) moveLines(f *goFile) bool {
	lines := "\n" + strings.Repeat("\n// A line of edit "+strconv.Itoa(e.count)+".", 1+e.rand.IntN(4)) + "\n"
	return f.insert(insertion{f.syntax.Name.End(), lines})
}

// prose tells comments that are for people.
var prose = regexp.MustCompile(`^// [^+]`)

func (e *editor) touchComment(f *goFile) bool {
	var list []*ast.Comment
	for _, group := range f.syntax.Comments {
		for _, c := range group.List {
			if prose.MatchString(c.Text) && c.Pos() > f.syntax.Name.End() {
				list = append(list, c)
			}
		}
	}
	if len(list) == 0 {
		return false
	}
	return f.insert(insertion{list[e.rand.IntN(len(list))].End(), " Touched by edit " + strconv.Itoa(e.count) + "."})
}

// effects are calls that wait or compute, with what they need.
var delays = []struct{ path, call string }{
	{"time", ".Sleep(1)"},
	{"net/http", `.Get("http://example.com")`},
	{"os", `.ReadFile("name")`},
	{"os/exec", `.Command("name").Run()`},
}

func (e *editor) addEffect(f *goFile) bool {
	list := f.functions(func(*ast.FuncDecl) bool { return true })
	if len(list) == 0 {
		return false
	}
	eff := delays[e.rand.IntN(len(delays))]
	fn, name := list[e.rand.IntN(len(list))], f.fresh()
	return f.insert(
		insertion{f.syntax.Name.End(), fmt.Sprintf("; import %s %q", name, eff.path)},
		insertion{fn.Body.Lbrace + 1, " " + name + eff.call + ";"},
	)
}

func (e *editor) addFunction(f *goFile) bool {
	return f.insert(insertion{f.syntax.FileEnd, fmt.Sprintf("\nfunc %s(c chan int) { <-c }\n", f.fresh())})
}

// removeFunction takes one that nobody seems to call.
func (e *editor) removeFunction(f *goFile) bool {
	dir := packageText(filepath.Dir(f.name))
	list := f.functions(func(fn *ast.FuncDecl) bool {
		return fn.Recv == nil && len(regexp.MustCompile(`\b`+fn.Name.Name+`\b`).FindAll(dir, 2)) == 1
	})
	if len(list) == 0 {
		return false
	}
	fn := list[e.rand.IntN(len(list))]
	return e.save(f.name, slices.Delete(slices.Clone(f.text), f.offset(fn.Pos()), f.offset(fn.End())))
}

func packageText(dir string) []byte {
	var all []byte
	names, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, name := range names {
		text, _ := os.ReadFile(name)
		all = append(all, text...)
	}
	return all
}

// changeSignature adds a parameter that callers need not give.
func (e *editor) changeSignature(f *goFile) bool {
	list := f.functions(func(fn *ast.FuncDecl) bool {
		if fn.Recv != nil {
			return false // an interface may want it as it is
		}
		params := fn.Type.Params.List
		if len(params) == 0 {
			return true
		}
		_, variadic := params[len(params)-1].Type.(*ast.Ellipsis)
		return !variadic
	})
	if len(list) == 0 {
		return false
	}
	params := list[e.rand.IntN(len(list))].Type.Params
	text, at := "_ ...int", params.Closing
	if n := len(params.List); n > 0 {
		if len(params.List[n-1].Names) == 0 {
			text = "...int"
		}
		text, at = ", "+text, params.List[n-1].End()
	}
	return f.insert(insertion{at, text})
}

func (e *editor) takeBack(*goFile) bool {
	if len(e.added) == 0 {
		return false
	}
	i := e.rand.IntN(len(e.added))
	a := e.added[i]
	e.added = slices.Delete(e.added, i, i+1)
	text, err := os.ReadFile(a.file)
	for _, part := range a.parts {
		if err != nil || bytes.Count(text, []byte(part)) != 1 {
			return false // another edit was there
		}
		text = bytes.Replace(text, []byte(part), nil, 1)
	}
	return e.save(a.file, text)
}

func (e *editor) addFile(f *goFile) bool {
	name := f.fresh()
	return e.save(filepath.Join(filepath.Dir(f.name), name+".go"), fmt.Appendf(nil, `package %s

import (
	"net/http"
	"sync"
)

var %s sync.Mutex

func %sWaits() {
	%s.Lock()
	defer %s.Unlock()
	http.Get("http://example.com")
}
`, f.syntax.Name.Name, name, name, name, name))
}

func (e *editor) deleteFile(f *goFile) bool {
	if strings.HasPrefix(filepath.Base(f.name), "edited") || e.rand.IntN(4) == 0 { // seldom one that is needed
		return e.save(f.name, nil)
	}
	return false
}

func (e *editor) breakTypes(f *goFile) bool {
	return f.insert(insertion{f.syntax.FileEnd, fmt.Sprintf("\nvar %s int = \"\"\n", f.fresh())})
}
