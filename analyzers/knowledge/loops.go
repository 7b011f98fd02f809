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
		// The path's last element may have dots itself, as nats.go: of the two
		// ways to read the symbol, at most one names a package that exists.
		dot := strings.LastIndexByte(symbol, '.')
		path, name := symbol[:dot], symbol[dot+1:]
		e.Symbol = Symbol{Path: path, Name: name}
		b.loops[path] = append(b.loops[path], e)
		if dot := strings.LastIndexByte(path, '.'); dot > strings.LastIndexByte(path, '/') {
			e.Symbol = Symbol{Path: path[:dot], Type: path[dot+1:], Name: name}
			b.loops[path[:dot]] = append(b.loops[path[:dot]], e)
		}
	}
}
