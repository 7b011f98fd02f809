package driver

import (
	"os"
	"testing"
	"time"
)

func TestTrim(t *testing.T) {
	s := store{t.TempDir()}
	now := time.Now()
	keys := make([]key, 10) // used i hours ago
	for i := range keys {
		keys[i][0], keys[i][31] = byte(i), 1
		if err := s.put(keys[i], make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		at := now.Add(-time.Duration(i) * time.Hour)
		if err := os.Chtimes(s.path(keys[i]), at, at); err != nil {
			t.Fatal(err)
		}
	}
	kept := func() (n int) {
		for _, k := range keys {
			if s.has(k) {
				n++
			}
		}
		return n
	}
	s.trimTo(now.Add(-7*time.Hour-time.Minute), 1<<20)
	if n := kept(); n != 8 || !s.has(keys[0]) {
		t.Errorf("%d blobs kept by age, want the youngest 8", n)
	}
	s.trimTo(now.Add(-100*time.Hour), 5*1100)
	if n := kept(); n != 5 || !s.has(keys[0]) {
		t.Errorf("%d blobs kept by size, want the youngest 5", n)
	}
	if s.get(keys[0]) == nil {
		t.Error("a kept blob cannot be read")
	}

	// Once a day, also where the clock was set back since.
	for _, at := range []time.Time{now, now.Add(-time.Hour)} {
		s.trim()
		old := now.Add(-keepFor - time.Hour)
		os.Chtimes(s.path(keys[0]), old, old)
		os.Chtimes(s.dir+"/"+stamp, at, at)
		s.trim()
		if !s.has(keys[0]) {
			t.Fatal("trimmed twice a day")
		}
	}
	future := now.Add(1000 * time.Hour)
	os.Chtimes(s.dir+"/"+stamp, future, future)
	s.trim()
	if s.has(keys[0]) {
		t.Error("not trimmed once the clock was set back")
	}
}
