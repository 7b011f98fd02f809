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
