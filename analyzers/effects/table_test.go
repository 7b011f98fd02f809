package effects

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"testing"
)

// sampleTable has a package's own function, and a method that it passes on.
func sampleTable() *tableWriter {
	w := newTableWriter()
	w.section("example.com/a")[symbol{name: "F"}] = w.encoded(sample())
	w.section("example.com/a")[symbol{"T", "M"}] = w.encoded(sample())
	w.section("example.com/b")[symbol{"T", "M"}] = w.encoded(&Summary{Effects: []Effect{}, Uses: []Use{}, Endless: true})
	w.section("example.com/c") // of which nothing is told
	return w
}

func decodeTable(t *testing.T, w *tableWriter) *Table {
	t.Helper()
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(w.table()); err != nil {
		t.Fatal(err)
	}
	got := new(Table)
	if err := gob.NewDecoder(&buf).Decode(got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTable(t *testing.T) {
	got := decodeTable(t, sampleTable())
	for _, test := range []struct {
		path string
		sym  symbol
		want *Summary
	}{
		{"example.com/a", symbol{name: "F"}, sample()},
		{"example.com/a", symbol{"T", "M"}, sample()},
		{"example.com/b", symbol{"T", "M"}, &Summary{Effects: []Effect{}, Uses: []Use{}, Endless: true}},
		{"example.com/b", symbol{name: "F"}, nil},
		{"example.com/c", symbol{"T", "M"}, nil},
	} {
		if have := got.find(test.path, test.sym); !reflect.DeepEqual(have, test.want) {
			t.Errorf("%s %v: have %+v, want %+v", test.path, test.sym, have, test.want)
		}
	}
	if newTableWriter().table() != nil {
		t.Error("an empty table is told")
	}
}

// TestTableShares checks that what is told of one function costs nothing when it
// is told of another.
func TestTableShares(t *testing.T) {
	w := sampleTable()
	before := len(w.table().text)
	w.section("example.com/a")[symbol{"T", "F"}] = w.encoded(sample())
	if more := len(w.table().text) - before; more > 5 {
		t.Errorf("%d bytes more for a summary that is there already", more)
	}
}

// TestTableBroken decodes every start of a table, and every one with a byte
// changed: none may do more than fail.
func TestTableBroken(t *testing.T) {
	text := sampleTable().table().text
	for n := range text {
		new(Table).GobDecode(text[:n])
		for _, change := range []byte{1, 0x80, 0xff} {
			damaged := bytes.Clone(text)
			damaged[n] ^= change
			table := new(Table)
			if table.GobDecode(damaged) == nil {
				table.find("example.com/a", symbol{name: "F"})
			}
		}
	}
}
