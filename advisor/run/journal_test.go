package run

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// writeJournal writes a journal of n records and returns its bytes.
func writeJournal(t testing.TB, path string, n int) []byte {
	f, err := openFile(path)
	if err != nil {
		t.Fatal(err)
	}
	settled := 0
	j := &Journal{f: f, most: 4, settled: func(list []uint64) error { settled += len(list); return nil }, failed: func(err error) { t.Error(err) }}
	if err := j.begin(&Header{Stages: []string{"p.F"}, Function: "f", Coding: "c"}); err != nil {
		t.Fatal(err)
	}
	j.start()
	for i := range n {
		j.Append(Record{Index: uint64(i), Input: hashInput([]byte{byte(i)}), Failed: i%3 == 2, Attempts: 1 + i, Elapsed: time.Duration(i), Output: fmt.Appendf(nil, "out %d", i)})
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if settled != n {
		t.Errorf("%d records of %d were told to be durable", settled, n)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A journal that was cut anywhere, or whose tail is garbage, has the records
// that were whole.
func TestTornJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	const n = 6
	text := writeJournal(t, path, n)
	before := uint64(0)
	for size := range len(text) + 1 {
		for _, tail := range []string{"", "\x00\x00\x00\x00\x00\x00\x00\x00\x00", "garbage that is no frame at all"} {
			if size == len(text) && tail == "" {
				continue
			}
			if err := os.WriteFile(path, append(text[:size:size], tail...), 0o666); err != nil {
				t.Fatal(err)
			}
			h := readHistory(t, path)
			if h.Finished < before || h.Finished > n || h.whole > int64(size) {
				t.Fatalf("cut at %d + %q: %d records, %d bytes whole; before %d records", size, tail, h.Finished, h.whole, before)
			}
			for i := range h.Finished {
				rec, ok, err := h.Record(i)
				if err != nil || !ok || string(rec.Output) != fmt.Sprintf("out %d", i) || rec.Attempts != 1+int(i) || rec.Failed != (i%3 == 2) || rec.Input != hashInput([]byte{byte(i)}) {
					t.Fatalf("record %d: %+v, %v, %v", i, rec, ok, err)
				}
			}
			before = h.Finished
		}
	}
	if before != n {
		t.Errorf("%d records in the end, want %d", before, n)
	}
}

// A journal with a wrong byte anywhere before the last record says where, and
// how much is whole behind it; what it has is right. In the last record it is a
// torn tail.
func TestDamagedJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	const n = 6
	good := writeJournal(t, path, n)
	header := len(magic) + frameHead + int(good[len(magic)])
	h := readHistory(t, path)
	for at := header; at < len(good); at++ {
		text := bytes.Clone(good)
		text[at] ^= 0x10
		if err := os.WriteFile(path, text, 0o666); err != nil {
			t.Fatal(err)
		}
		lost := 0 // record
		for lost < n-1 && h.offsets[lost+1] <= int64(at) {
			lost++
		}
		got := readHistory(t, path)
		d := Damage{}
		if lost < n-1 {
			from, to := h.offsets[lost], h.offsets[lost+1]
			d = Damage{At: from, Bytes: to - from, Places: 1, Behind: uint64(n - 1 - lost), spans: [][2]int64{{from, to}}}
		}
		if !reflect.DeepEqual(got.Damage, d) || got.Finished != n-1 {
			t.Fatalf("byte %d: %d records, %+v, want %+v", at, got.Finished, got.Damage, d)
		}
		for i := range uint64(n) {
			if rec, ok, err := got.Record(i); err != nil || ok != (int(i) != lost) || ok && string(rec.Output) != fmt.Sprintf("out %d", i) {
				t.Fatalf("byte %d, record %d: %+v, %t, %v", at, i, rec, ok, err)
			}
		}
	}
	text := bytes.Clone(good)
	text[len(magic)+frameHead+3] ^= 1
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadHeader(path); err == nil || !strings.Contains(err.Error(), "damaged at byte 21, where it says") {
		t.Errorf("a wrong byte in the header: %v", err)
	}
}

// A run does not go on with a damaged journal until it is told to, and then
// keeps all that is whole.
func TestSalvage(t *testing.T) {
	var all strings.Builder
	for i := range 200 {
		fmt.Fprintln(&all, i)
	}
	c := Config{Stages: []string{"same"}, Journal: filepath.Join(t.TempDir(), "j"), Executor: "serial"}
	if _, last, status := runOver(t, c, all.String()); status != exitDone {
		t.Fatalf("status %d, %+v", status, last.Report)
	}
	f, err := os.OpenFile(c.Journal, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	h := readHistory(t, c.Journal)
	for _, lost := range []int64{10, 11, 150} {
		f.WriteAt([]byte("?"), h.offsets[lost]+frameHead+20)
	}
	f.Close()
	damaged, _ := os.ReadFile(c.Journal)
	c.Resume = true
	out, last, status := runOver(t, c, all.String())
	want := fmt.Sprintf("it is damaged at byte %d (%d bytes in 2 places), not only at its end: 10 records and, behind the damage, 187 records are whole; -salvage keeps those", h.offsets[10], h.offsets[12]-h.offsets[10]+h.offsets[151]-h.offsets[150])
	if out != "" || status != exitStopped || !strings.Contains(last.Report.Stopped, want) {
		t.Errorf("status %d, %q, want %q", status, last.Report.Stopped, want)
	}
	if now, _ := os.ReadFile(c.Journal); !bytes.Equal(now, damaged) {
		t.Error("the journal was changed")
	}
	c.Salvage = true
	before := calls.Load()
	out, last, status = runOver(t, c, all.String())
	if out != all.String() || status != exitDone || last.Resumed != 197 || calls.Load()-before != 3 || last.Report.Damaged == 0 {
		t.Errorf("salvaged: status %d, %d results, %+v, %d calls", status, strings.Count(out, "\n"), last, calls.Load()-before)
	}
	c.Salvage = false // it is whole again
	if out, last, status := runOver(t, c, all.String()); out != all.String() || status != exitDone || last.Resumed != 200 {
		t.Errorf("resumed: status %d, %+v", status, last)
	}
	if left, _ := filepath.Glob(c.Journal + "?*"); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func readHistory(t testing.TB, path string) *History {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	h, err := ReadHistory(f)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestJournalLock(t *testing.T) {
	f, err := openFile(filepath.Join(t.TempDir(), "j"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	other, err := os.Open(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := lock(other); !errors.Is(err, errLocked) {
		t.Errorf("got %v, want that it is in use", err)
	}
}

// The later record of an input counts.
func TestLaterRecord(t *testing.T) {
	var text []byte
	text = append(text, magic...)
	text = appendFrame(text, 'h', func(b []byte) []byte { return append(b, `{"function":"f"}`...) })
	for _, rec := range []Record{{Index: 5, Failed: true, Output: []byte("bad")}, {Index: 2}, {Index: 5, Output: []byte("good")}} {
		text = appendFrame(text, 'r', rec.append)
	}
	path := filepath.Join(t.TempDir(), "j")
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
	h := readHistory(t, path)
	rec, ok, err := h.Record(5)
	if err != nil || !ok || rec.Failed || string(rec.Output) != "good" || h.Finished != 2 || h.Superseded != 1 || h.Failed != 0 || h.Beyond(3) != 1 {
		t.Errorf("got %+v, %v, %v of %+v", rec, ok, err, h)
	}
	if _, ok, _ := h.Record(3); ok {
		t.Error("a record of an input that never finished")
	}
	if header, err := ReadHeader(path); err != nil || header.Function != "f" {
		t.Errorf("header %+v, %v", header, err)
	}
}

// FuzzJournal holds the reader to errors, whatever the file is.
func FuzzJournal(f *testing.F) {
	text := writeJournal(f, filepath.Join(f.TempDir(), "j"), 5)
	f.Add(text)
	f.Add(text[:len(text)-3])
	f.Add([]byte(magic))
	f.Add(appendFrame([]byte(magic), 'r', (&Record{Index: 1 << 60}).append))
	f.Add(appendFrame([]byte(magic), 'h', func(b []byte) []byte { return append(b, "{"...) }))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "j")
		if err := os.WriteFile(path, text, 0o666); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		h, err := ReadHistory(file)
		if err != nil {
			return
		}
		if h.whole > int64(len(text)) {
			t.Fatalf("%d bytes whole of %d", h.whole, len(text))
		}
		for i := range min(1000, uint64(len(h.offsets))) {
			if rec, ok, err := h.Record(i); err != nil || ok && rec.Index != i {
				t.Fatalf("record %d: %+v, %v", i, rec, err)
			}
		}
	})
}

func FuzzRecord(f *testing.F) {
	f.Add(uint64(1), true, 3, int64(5), []byte("out"))
	f.Fuzz(func(t *testing.T, index uint64, failed bool, attempts int, elapsed int64, out []byte) {
		rec := Record{Index: index, Input: hashInput(out), Failed: failed, Attempts: attempts, Elapsed: time.Duration(max(0, elapsed)), Output: out}
		got, err := parseRecord(rec.append(nil))
		if err != nil || got.Index != index || got.Failed != failed || got.Attempts != attempts || got.Elapsed != rec.Elapsed || got.Input != rec.Input || !bytes.Equal(got.Output, out) {
			t.Fatalf("got %+v, %v of %+v", got, err, rec)
		}
	})
}

func TestNoJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	if err := os.WriteFile(path, []byte("precious notes\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, last, status := runOver(t, Config{Stages: []string{"same"}, Journal: path, Resume: true, Force: true}, "a\n")
	if status != exitStopped || !strings.Contains(last.Report.Stopped, "not a journal") {
		t.Errorf("status %d, %q", status, last.Report.Stopped)
	}
	if text, _ := os.ReadFile(path); string(text) != "precious notes\n" {
		t.Errorf("the file is now %q", text)
	}
}
