package effects

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"testing"
	"time"
)

// sample uses every field that crosses a package boundary.
func sample() *Summary {
	frames := []Frame{{Where: "a.go:1", Call: "http.Get"}, {Where: "b.go:2", Call: "net.Dial"}}
	return &Summary{
		Effects: []Effect{
			{Kind: Net, Certainty: Usually, Bound: Deadline, Flags: Stream | Released, Root: 2, Label: "dns", Chain: frames},
			{Kind: Sleep, Certainty: Always, Bound: Const, Duration: time.Minute, Root: RootRecv, Chain: frames[:1]},
			{Kind: CPU, Certainty: Missed, Weight: Costly, Root: RootNone},
		},
		Uses: []Use{
			{Arg: -1, Method: "Read", Certainty: Always, Each: true, Timed: true, Local: 1 << 1},
			{Arg: 3, Certainty: Rarely, Goes: true, Limited: true},
			{Arg: 2, Certainty: Usually, Goes: true, Late: true},
			{Arg: mostArgs, Certainty: Always, Again: true},
		},
		Endless: true,
		Mark:    MarkOffload | MarkNonBlocking,
		Lock:    lockNetOf(LockRAround, 3),
	}
}

func TestFactRoundTrip(t *testing.T) {
	for _, want := range []*Summary{sample(), {Effects: []Effect{}, Uses: []Use{}}} {
		var buf bytes.Buffer
		if err := gob.NewEncoder(&buf).Encode(want); err != nil {
			t.Fatal(err)
		}
		got := new(Summary)
		if err := gob.NewDecoder(&buf).Decode(got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("have %+v, want %+v", got, want)
		}
	}
}

// TestFactTruncated decodes every start of a fact: all but the whole must fail.
func TestFactTruncated(t *testing.T) {
	b, err := sample().GobEncode()
	if err != nil {
		t.Fatal(err)
	}
	for n := range b {
		if err := new(Summary).GobDecode(b[:n]); err == nil {
			t.Errorf("the first %d of %d bytes decode", n, len(b))
		}
	}
}

// FuzzGobDecode decodes what may come from another version or a broken cache.
func FuzzGobDecode(f *testing.F) {
	b, err := sample().GobEncode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte{0, 0, 255})
	f.Fuzz(func(t *testing.T, b []byte) {
		s := new(Summary)
		if s.GobDecode(b) != nil {
			return
		}
		_ = s.String() + s.Class() + s.Strongest()
		again, err := s.GobEncode()
		if err != nil {
			t.Fatal(err)
		}
		if err := new(Summary).GobDecode(again); err != nil {
			t.Errorf("what was decoded and encoded does not decode: %v", err)
		}
	})
}
