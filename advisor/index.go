package advisor

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// symbol is a declared function, with the receiver spelled as the analyzers do:
// F, (*T).M, (T).M.
type symbol struct{ pkg, function string }

// fileLine is a line of source.
type fileLine struct {
	file string
	line int
}

// index finds the functions, literals and lines of the lint output.
type index struct {
	lint    *Lint
	symbols map[symbol]int32
	// entries are the functions called so in main packages. Profiles call every
	// main package "main", only the file tells which.
	entries map[string][]int32
	files   map[string][]int32 // functions by file, in source order
	pkgs    map[string]bool
	mains   map[string]bool
	waits   map[fileLine][]WaitAt
}

func newIndex(lint *Lint) *index {
	ix := &index{
		lint:    lint,
		symbols: map[symbol]int32{},
		entries: map[string][]int32{},
		files:   map[string][]int32{},
		pkgs:    map[string]bool{},
		mains:   map[string]bool{},
		waits:   map[fileLine][]WaitAt{},
	}
	for i, f := range lint.Functions {
		ix.pkgs[f.Package] = true
		if f.Function == "main" {
			ix.mains[f.Package] = true
		}
		// A package may have several functions init or _; the first stands for all.
		if s := (symbol{f.Package, f.Function}); ix.symbols[s] == 0 {
			ix.symbols[s] = int32(i) + 1
		}
		ix.files[f.File] = append(ix.files[f.File], int32(i))
		for _, w := range f.Waits {
			at := fileLine{f.File, w.Line}
			ix.waits[at] = append(ix.waits[at], w)
		}
	}
	for i, f := range lint.Functions {
		if ix.mains[f.Package] {
			ix.entries[f.Function] = append(ix.entries[f.Function], int32(i))
		}
	}
	for _, list := range ix.files {
		slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(lint.Functions[a].Line, lint.Functions[b].Line) })
	}
	return ix
}

// symbol is the number of the function with that name, or -1.
func (ix *index) symbol(pkg, function string) int32 { return ix.symbols[symbol{pkg, function}] - 1 }

// entry is the function of a main package that a recording found in file, or
// -1. The path that ends like the recorded one in most directories wins: an
// absolute path agrees as a whole, a -trimpath one in the module's path.
func (ix *index) entry(function, file string) int32 {
	best, most := int32(-1), 0
	file = strings.ReplaceAll(file, `\`, "/")
	for _, i := range ix.entries[function] {
		rel := ix.lint.Functions[i].File
		for strings.HasPrefix(rel, "../") { // the analyzers ran in a directory beside it
			rel = rel[len("../"):]
		}
		if !endsIn(file, rel) {
			continue
		}
		n := max(agree(file, path.Join(ix.lint.Module.Dir, rel)), agree(file, path.Join(ix.lint.Module.Path, rel)))
		if n > most {
			best, most = i, n
		}
	}
	return best
}

// endsIn reports whether the last elements of file are those of rel.
func endsIn(file, rel string) bool {
	rest, ok := strings.CutSuffix(file, rel)
	return ok && (rest == "" || strings.HasSuffix(rest, "/"))
}

// agree is how many last elements two paths have in common.
func agree(a, b string) int {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(x) && n < len(y) && x[len(x)-1-n] == y[len(y)-1-n] {
		n++
	}
	return n
}

// enclosing is the function around a line of a file, or -1.
func (ix *index) enclosing(file string, line int) int32 {
	for _, i := range ix.files[file] {
		if f := &ix.lint.Functions[i]; f.Line <= line && line <= f.EndLine {
			return i
		}
	}
	return -1
}

// literal is the innermost literal of function fn that holds the line, or -1.
// Where several begin and end on one line, the outermost stands for all.
func (ix *index) literal(fn int32, line int) int16 {
	best := int16(-1)
	list := ix.lint.Functions[fn].Literals
	for i, l := range list {
		if line < l.Line || line > l.EndLine {
			continue
		}
		if best < 0 || l.EndLine-l.Line < list[best].EndLine-list[best].Line {
			best = int16(i)
		}
	}
	return best
}

// literalAt is the literal of fn that begins and ends on these lines, or -1.
func (ix *index) literalAt(fn int32, line, end int) int16 {
	return int16(slices.IndexFunc(ix.lint.Functions[fn].Literals, func(l Literal) bool { return l.Line == line && l.EndLine == end }))
}

// within reports whether literal in of fn is out or lies in it; out -1 is the
// function itself.
func (ix *index) within(fn int32, in, out int16) bool {
	if in == out || out < 0 {
		return true
	}
	if in < 0 {
		return false
	}
	list := ix.lint.Functions[fn].Literals
	return strings.HasPrefix(list[in].Name, list[out].Name+".")
}
