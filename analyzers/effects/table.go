package effects

import (
	"cmp"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"
)

// A Table holds all summaries that a package has to tell: its own, and those of
// methods of packages below it that whoever imports it may come to call.
//
// It is what a vettool hands from process to process. One fact for each
// function would say for each anew of which package and type it is, in gob, and
// every unit above would decode, keep and encode all of them: on large programs
// that is a fifth of what the tool costs. In a table each string is told once,
// and what nobody asks for is not decoded. Within one process facts stay with
// their functions: there the wave of an edit ends where a function's summary is
// the same.
type Table struct {
	text     []byte
	strings  []string
	packages map[string][]entry // by path
}

// An entry says where the summary of a function is; all are numbers of strings.
type entry struct{ typ, name, summary uint32 }

// AFact marks Table as a fact.
func (*Table) AFact() {}

// GobEncode implements gob.GobEncoder.
func (t *Table) GobEncode() ([]byte, error) { return t.text, nil }

// GobDecode implements gob.GobDecoder.
func (t *Table) GobDecode(b []byte) error {
	r := &factReader{b: b}
	n := r.uvarint()
	if n > uint64(len(b)) {
		return errors.New("effects: broken table of facts")
	}
	t.strings = make([]string, n)
	for i := range t.strings {
		t.strings[i] = r.string()
	}
	r.strings = t.strings
	t.packages = make(map[string][]entry)
	for len(r.b) > 0 && r.err == nil {
		path, n := r.string(), r.uvarint()
		if n > uint64(len(r.b)) {
			return errors.New("effects: broken table of facts")
		}
		list := make([]entry, n)
		for i := range list {
			list[i] = entry{r.number(), r.number(), r.number()}
		}
		t.packages[path] = list
	}
	return r.err
}

// number reads that of a string.
func (r *factReader) number() uint32 {
	n := r.uvarint()
	if n >= uint64(len(r.strings)) {
		r.err = errors.New("effects: broken table of facts")
		return 0
	}
	return uint32(n)
}

// find returns the summary of a function of the package, or nil.
func (t *Table) find(path string, s symbol) *Summary {
	list := t.packages[path]
	i, ok := slices.BinarySearchFunc(list, s, func(e entry, s symbol) int { return t.symbol(e).compare(s) })
	if !ok {
		return nil
	}
	return t.decode(list[i].summary)
}

func (t *Table) symbol(e entry) symbol { return symbol{t.strings[e.typ], t.strings[e.name]} }

func (t *Table) decode(summary uint32) *Summary {
	s := new(Summary)
	if s.decode(&factReader{b: []byte(t.strings[summary]), strings: t.strings}) != nil {
		return nil // the go command checks what it keeps; so another version's
	}
	return s
}

// A tableWriter makes a table.
type tableWriter struct {
	numbers  map[string]uint32
	strings  [][]byte
	packages map[string]map[symbol]uint32 // summaries, by path
}

// A symbol names a function within its package.
type symbol struct{ typ, name string }

func (s symbol) compare(o symbol) int {
	return cmp.Or(strings.Compare(s.typ, o.typ), strings.Compare(s.name, o.name))
}

func newTableWriter() *tableWriter {
	return &tableWriter{numbers: make(map[string]uint32), packages: make(map[string]map[symbol]uint32)}
}

func (w *tableWriter) number(s string) uint32 {
	n, ok := w.numbers[s]
	if !ok {
		n = uint32(len(w.strings))
		w.numbers[s], w.strings = n, append(w.strings, []byte(s))
	}
	return n
}

func (w *tableWriter) encoded(s *Summary) uint32 {
	return w.number(string(s.encode(func(b []byte, text string) []byte {
		return binary.AppendUvarint(b, uint64(w.number(text)))
	})))
}

func (w *tableWriter) section(path string) map[symbol]uint32 {
	m := w.packages[path]
	if m == nil {
		m = make(map[symbol]uint32)
		w.packages[path] = m
	}
	return m
}

// table returns nil where there is nothing to tell.
func (w *tableWriter) table() *Table {
	var body []byte
	for _, path := range slices.Sorted(maps.Keys(w.packages)) {
		list := w.packages[path]
		if len(list) == 0 {
			continue
		}
		body = binary.AppendUvarint(body, uint64(w.number(path)))
		body = binary.AppendUvarint(body, uint64(len(list)))
		for _, s := range slices.SortedFunc(maps.Keys(list), symbol.compare) {
			body = binary.AppendUvarint(body, uint64(w.number(s.typ)))
			body = binary.AppendUvarint(body, uint64(w.number(s.name)))
			body = binary.AppendUvarint(body, uint64(list[s]))
		}
	}
	if len(body) == 0 {
		return nil
	}
	text := binary.AppendUvarint(nil, uint64(len(w.strings)))
	for _, s := range w.strings {
		text = appendString(text, string(s))
	}
	return &Table{text: append(text, body...)}
}
