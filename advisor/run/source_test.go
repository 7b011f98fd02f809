package run

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

func TestSplitter(t *testing.T) {
	long := strings.Repeat("x", 3*blockSize)
	for _, test := range []struct {
		name, text, format string
		null               bool
		want               []string // inputs; "!" for one that is too long
		lines              []int64
	}{
		{name: "empty", format: Lines},
		{name: "lines", text: "a\nb\n", format: Lines, want: []string{"a", "b"}, lines: []int64{1, 2}},
		{name: "no end", text: "a\nb", format: Lines, want: []string{"a", "b"}, lines: []int64{1, 2}},
		{name: "empty lines count as text", text: "\n\nb\n", format: Lines, want: []string{"", "", "b"}, lines: []int64{1, 2, 3}},
		{name: "but not as JSON", text: "\n1\n  \n2\n", format: JSON, want: []string{"1", "2"}, lines: []int64{2, 4}},
		{name: "nor as paths", text: "a\n\n", format: Files, want: []string{"a"}, lines: []int64{1}},
		{name: "CRLF", text: "a\r\nb\rc\r\n", format: Lines, want: []string{"a", "b\rc"}, lines: []int64{1, 2}},
		{name: "byte order mark", text: "\ufeffa\n\ufeffb\n", format: Lines, want: []string{"a", "\ufeffb"}, lines: []int64{1, 2}},
		{name: "null", text: "a\nb\x00c\x00\x00d", format: Lines, null: true, want: []string{"a\nb", "c", "", "d"}, lines: []int64{1, 2, 2, 2}},
		{name: "csv", text: "a,\"b\n\"\"c\"\nd,e\n\n\"f", format: CSV, want: []string{"a,\"b\n\"\"c\"", "d,e", "\"f"}, lines: []int64{1, 3, 5}},
		{name: "long", text: "a\n" + long + "\nb\n", format: Lines, want: []string{"a", long, "b"}, lines: []int64{1, 2, 3}},
		{name: "too long", text: "a\n" + long + long + "\nb\n", format: Lines, want: []string{"a", "!", "b"}, lines: []int64{1, 2, 3}},
		{name: "too long at the end", text: "a\n" + long + long, format: Lines, want: []string{"a", "!"}, lines: []int64{1, 2}},
	} {
		for _, r := range []io.Reader{strings.NewReader(test.text), iotest.HalfReader(strings.NewReader(test.text)), iotest.OneByteReader(strings.NewReader(test.text)), iotest.DataErrReader(strings.NewReader(test.text))} {
			s := newSplitter(r, test.format, test.null, len(long))
			items := readAll(t, s)
			var got []string
			var lines []int64
			for i, it := range items {
				if it.index != uint64(i) {
					t.Errorf("%s: input %d has index %d", test.name, i, it.index)
				}
				if it.err != nil {
					it.raw = []byte("!")
				}
				got, lines = append(got, string(it.raw)), append(lines, it.line)
			}
			if !slices.Equal(got, test.want) || !slices.Equal(lines, test.lines) {
				t.Errorf("%s: got %.60q at %v, want %.60q at %v", test.name, got, lines, test.want, test.lines)
			}
			if n := len(items); n > 0 && items[n-1].end > int64(len(test.text)) {
				t.Errorf("%s: ends at byte %d of %d", test.name, items[n-1].end, len(test.text))
			}
		}
	}
}

func readAll(t *testing.T, s *splitter) (all []item) {
	for {
		items := make([]item, 2)
		n, err := s.read(items)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return all
		}
		all = append(all, items[:n]...)
	}
}

// A pipe's inputs are handed on as they come.
func TestSplitterWaitsForNothing(t *testing.T) {
	r, w := io.Pipe()
	s := newSplitter(r, Lines, false, 100)
	for range 3 {
		go w.Write([]byte("a\nb\nc"))
		n, err := s.read(make([]item, 64))
		if n != 2 || err != nil {
			t.Fatalf("got %d inputs, %v; want the 2 that are whole", n, err)
		}
		go w.Write([]byte("\n"))
		if n, _ := s.read(make([]item, 64)); n != 1 {
			t.Fatalf("got %d inputs, want the third", n)
		}
	}
}

func TestSplitterError(t *testing.T) {
	s := newSplitter(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(io.ErrNoProgress)), Lines, false, 100)
	items := make([]item, 64)
	if n, err := s.read(items); n != 1 || err != nil {
		t.Errorf("got %d, %v; want the first line", n, err)
	}
	s.read(items)
	if n, err := s.read(items); n != 0 || err == nil {
		t.Errorf("got %d, %v; want the reader's error at the end", n, err)
	}
}

// FuzzCSV holds the two halves, the search for the end of a record and its
// fields, to package encoding/csv wherever that reads a text.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n", "\"a\nb\",c\r\n", "a,\"\"\"x\"\"\"\n\n,\n", "\"\n", "a\"b\n", "\r\n\"\",\r"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\r") {
			return // encoding/csv drops some of them, even inside quotes
		}
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		want, err := r.ReadAll()
		s := newSplitter(strings.NewReader(text), CSV, false, 1<<20)
		var got [][]string
		for _, it := range readAll(t, s) {
			fields, ferr := csvFields(it.raw)
			if ferr != nil && err == nil {
				t.Fatalf("%q: %v", it.raw, ferr)
			}
			got = append(got, fields)
		}
		// A record of blanks alone is no input here.
		if err != nil || strings.ContainsAny(text, " \t\v\f\u0085\u00a0") || !utf8.ValidString(text) {
			return
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("%q: got %q, want %q", text, got, want)
		}
	})
}

// FuzzJSON holds the JSON reader to no more than errors.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{"{\"A\":1}\n", "[1\n2]\n", "null\n\"x\"", "{\"A\":\"x\"}"} {
		f.Add(seed)
	}
	type value struct {
		A int
		B []string
		C map[string]*value
	}
	dec, err := decoder[value](Coding{In: JSON})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, it := range readAll(t, newSplitter(strings.NewReader(text), JSON, false, 1<<20)) {
			dec(it.raw)
		}
	})
}

func TestCSVDecoder(t *testing.T) {
	type inner struct{ City string }
	type person struct {
		Name   string
		Age    int `csv:"years"`
		Height *float64
		Tags   []string `json:"tags,omitempty"`
		inner
		inside int
	}
	header := []string{"NAME", "years", "height", "other", "tags"}
	dec, err := decoder[person](Coding{In: CSV, Header: header})
	if err != nil {
		t.Fatal(err)
	}
	p, err := dec([]byte(`"a ""b""",7,1.5,x,"[""t"",""u""]"`))
	if err != nil || p.Name != `a "b"` || p.Age != 7 || *p.Height != 1.5 || !slices.Equal(p.Tags, []string{"t", "u"}) {
		t.Errorf("got %+v, %v", p, err)
	}
	if p, err := dec([]byte(",,,,")); err != nil || p.Height != nil {
		t.Errorf("got %+v, %v", p, err)
	}
	for record, want := range map[string]string{
		"a,x,,,":     `column years: "x" is no int`,
		"a,1":        "2 fields, the header has 5",
		`a"b,1,,,`:   errBareQuote.Error(),
		`"a"b,1,,,`:  errAfter.Error(),
		`"a,1,,,`:    errOpenQuote.Error(),
		"a,1,,,tags": `column tags: "tags" is no JSON of a []string`,
	} {
		if _, err := dec([]byte(record)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", record, err, want)
		}
	}
	m, err := decoder[map[string]any](Coding{In: CSV, Header: header})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m([]byte("a,b,c,d,e")); err != nil || got["other"] != "d" {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := decoder[person](Coding{In: CSV, Header: []string{"x", "y"}}); err == nil {
		t.Error("a header of other names was taken")
	}
	if _, err := decoder[int](Coding{In: CSV, Header: header}); err == nil {
		t.Error("five fields make an int")
	}
}
