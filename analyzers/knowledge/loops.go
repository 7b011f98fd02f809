package knowledge

import (
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
	b.loopsOnce.Do(b.indexLoops)
	return b.loops[unversioned(path)]
}

func (b *Base) indexLoops() {
	b.loops = make(map[string][]LoopEntry)
	for k, l := range b.lines {
		if k.verb != "loop" {
			continue
		}
		symbol, n, isParam := strings.Cut(k.symbol, "#")
		e := LoopEntry{Param: -1, Loop: decodeLoop(split(l))}
		if isParam {
			e.Param, _ = strconv.Atoi(n)
		}
		slash := strings.LastIndexByte(symbol, '/') + 1
		pkg, rest, _ := strings.Cut(symbol[slash:], ".")
		path := symbol[:slash] + pkg
		e.Symbol = Symbol{Path: path, Name: rest}
		if typ, name, ok := strings.Cut(rest, "."); ok {
			e.Symbol.Type, e.Symbol.Name = typ, name
		}
		b.loops[path] = append(b.loops[path], e)
	}
}
