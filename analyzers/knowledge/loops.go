package knowledge

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// A LoopEntry is a loop line: an interface method, field or func type, or with
// Param ≥ 0 a function parameter.
type LoopEntry struct {
	Symbol Symbol
	Param  int
	Loop   *Loop
}

// Loops returns the loop lines of the package with the import path.
func (b *Base) Loops(path string) []LoopEntry {
	sec := b.section(path)
	if sec == nil {
		return nil
	}
	path = unversioned(path)
	var list []LoopEntry
	for k, l := range sec.lines {
		if k.verb != "loop" {
			continue
		}
		symbol, n, isParam := strings.Cut(k.symbol, "#")
		rest, ok := strings.CutPrefix(symbol, path+".")
		if !ok {
			continue
		}
		// Of a path whose last element has dots itself, as nats.go, the start is
		// another path; what follows it then has too many dots for a symbol.
		e := LoopEntry{Param: -1, Loop: decodeLoop(split(l)), Symbol: Symbol{Path: path, Name: rest}}
		if typ, name, ok := strings.Cut(rest, "."); ok {
			e.Symbol.Type, e.Symbol.Name = typ, name
		}
		if isParam {
			e.Param, _ = strconv.Atoi(n)
		}
		list = append(list, e)
	}
	return list
}

// Alike returns the loop lines of the other packages whose paths end as this one does,
// a list for each, in the order of their paths: the package may be a fork of one.
func (b *Base) Alike(path string) [][]LoopEntry {
	path = unversioned(path)
	var lists [][]LoopEntry
	for _, other := range b.looping()[last(head(path))] {
		if list := b.Loops(other); other != path && len(list) > 0 {
			lists = append(lists, list)
		}
	}
	return lists
}

// findLooping lists the heads of the sections with loop lines by their last elements.
func (b *Base) findLooping() map[string][]string {
	heads := make(map[string][]string)
	for head, sec := range b.sections {
		if slices.ContainsFunc(sec.runs, func(run string) bool { return strings.HasPrefix(run, "loop") || strings.Contains(run, "\nloop") }) {
			heads[last(head)] = append(heads[last(head)], head)
		}
	}
	for _, list := range heads {
		slices.Sort(list)
	}
	return heads
}

// last is the last element of a path.
func last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// Shapes returns the loop lines that tell an implementation by its methods, in
// the order of their symbols.
func (b *Base) Shapes() []LoopEntry { return b.shapes() }

func (b *Base) findShapes() []LoopEntry {
	paths := make(map[string]bool)
	for _, sec := range b.sections {
		if !slices.ContainsFunc(sec.runs, func(run string) bool { return strings.Contains(run, " shape=") }) {
			continue
		}
		sec.once.Do(sec.split)
		for k, l := range sec.lines {
			if k.verb == "loop" && len(decodeLoop(split(l)).Shape) > 0 {
				typ := k.symbol[:strings.LastIndexByte(k.symbol, '.')]
				paths[typ[:strings.LastIndexByte(typ, '.')]] = true
			}
		}
	}
	var list []LoopEntry
	for path := range paths {
		for _, e := range b.Loops(path) {
			if len(e.Loop.Shape) > 0 {
				list = append(list, e)
			}
		}
	}
	slices.SortFunc(list, func(a, b LoopEntry) int {
		return cmp.Or(strings.Compare(a.Symbol.Path, b.Symbol.Path), strings.Compare(a.Symbol.Type, b.Symbol.Type), strings.Compare(a.Symbol.Name, b.Symbol.Name))
	})
	return list
}
