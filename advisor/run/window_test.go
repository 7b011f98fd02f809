package run

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// The window lets in as many inputs as there is room for, and puts results
// into the order of the inputs, or not.
func TestWindow(t *testing.T) {
	for _, ordered := range []bool{true, false} {
		var wrote []uint64
		settled := 0
		w := newWindow(4, 100, ordered, func(bool) { settled++ }, func(s *slot) error { wrote = append(wrote, s.index); return nil })
		items := make([]item, 10)
		for i := range items {
			items[i] = item{index: uint64(i), raw: make([]byte, 10), end: int64(10 * i)}
		}
		if n := w.admit(items); n != 4 {
			t.Fatalf("%d inputs were let in, want 4", n)
		}
		w.finish(2, make([]byte, 200), nil) // too large for another beside it
		w.done(1, nil, errors.New("bad"))
		w.settle([]uint64{2})
		want := []uint64(nil)
		if !ordered {
			want = []uint64{1, 2}
		}
		if !slices.Equal(wrote, want) {
			t.Errorf("ordered %t: wrote %v before the first was there, want %v", ordered, wrote, want)
		}
		w.done(0, nil, nil)
		if held, passed := w.progress(); held != 1 || passed != 20 || settled != 3 {
			t.Errorf("ordered %t: %d held, %d bytes passed, %d settled", ordered, held, passed, settled)
		}
		if n := w.admit(items[4:]); n != 3 {
			t.Errorf("ordered %t: %d inputs were let in after three were written", ordered, n)
		}
		w.stop()
		if n := w.admit(items[7:]); n != 0 {
			t.Errorf("ordered %t: %d inputs were let into a window that is stopped", ordered, n)
		}
	}
}

// An input larger than the window is let in alone.
func TestWindowLargeInput(t *testing.T) {
	w := newWindow(4, 100, true, func(bool) {}, func(*slot) error { return nil })
	items := []item{{index: 0, raw: make([]byte, 1000)}, {index: 1, raw: make([]byte, 1000)}}
	for i := range items {
		if n := w.admit(items[i:]); n != 1 {
			t.Fatalf("%d inputs were let in, want 1", n)
		}
		w.done(uint64(i), nil, nil)
	}
	if w.held != 0 {
		t.Errorf("%d bytes held in the end", w.held)
	}
}

// After an error of the output nothing more is written.
func TestWindowError(t *testing.T) {
	full := errors.New("full")
	wrote := 0
	w := newWindow(8, 100, true, func(bool) {}, func(s *slot) error {
		if wrote++; s.index == 1 {
			return full
		}
		return nil
	})
	var items []item
	for i := range 4 {
		items = append(items, item{index: uint64(i), raw: fmt.Append(nil, i)})
	}
	w.admit(items)
	w.done(0, nil, nil)
	if err := w.done(1, nil, nil); err != full {
		t.Errorf("got %v", err)
	}
	if err := w.settle([]uint64{2, 3}); err != full || wrote != 2 {
		t.Errorf("got %v after %d writes", err, wrote)
	}
}
