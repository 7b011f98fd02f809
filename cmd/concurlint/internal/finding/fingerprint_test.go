package finding

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Each case is a file before and after an edit. A line that contains "!" has a
// finding in the function whose name stands before it.
var edits = []struct {
	name          string
	before, after string
	file          string // after the edit, store.go unless it is set
	fresh         string // line of the finding that is new, all others are known
}{
	{
		name:   "lines move",
		before: "Save: a.Do(x) !\nSave: b.Do(y) !",
		after:  "\n\nSave: a.Do(x) !\n\nSave: b.Do(y) !",
	}, {
		name:   "inserted above",
		before: "Save: a.Do(x) !",
		after:  "Save: a.Do(new) !\nSave: a.Do(x) !",
		fresh:  "Save: a.Do(new) !",
	}, {
		name:   "inserted between",
		before: "Save: a.Do(x) !\nSave: a.Do(y) !",
		after:  "Save: a.Do(x) !\nSave: a.Do(new) !\nSave: a.Do(y) !",
		fresh:  "Save: a.Do(new) !",
	}, {
		name:   "exact copy",
		before: "Save: a.Do(x) !",
		after:  "Save: a.Do(x) !\nSave: a.Do(x) !",
		fresh:  "Save: a.Do(x) !",
	}, {
		name:   "one of two copies removed",
		before: "Save: a.Do(x) !\nSave: a.Do(x) !",
		after:  "Save: a.Do(x) !",
	}, {
		name:   "first one removed",
		before: "Save: a.Do(x) !\nSave: a.Do(y) !",
		after:  "Save: a.Do(y) !",
	}, {
		name:   "functions in another order",
		before: "Save: a.Do(x) !\nLoad: a.Do(x) !",
		after:  "Load: a.Do(x) !\nSave: a.Do(x) !",
	}, {
		name:   "lines in another order",
		before: "Save: a.Do(x) !\nSave: a.Do(y) !",
		after:  "Save: a.Do(y) !\nSave: a.Do(x) !",
	}, {
		name:   "indented anew",
		before: "Save: a.Do(x) !",
		after:  "Save: \t\ta.Do(x)   !",
	}, {
		name:   "file renamed",
		before: "Save: a.Do(x) !",
		after:  "Save: a.Do(x) !",
		file:   "cache.go",
	}, {
		name:   "moved to another function",
		before: "Save: a.Do(x) !",
		after:  "Load: a.Do(x) !",
		fresh:  "Load: a.Do(x) !",
	}, {
		name:   "literal moves",
		before: "Save: literal !",
		after:  "\nSave: literal !",
		file:   "cache.go",
	},
}

func TestNumber(t *testing.T) {
	for _, e := range edits {
		if e.file == "" {
			e.file = "store.go"
		}
		known := number("store.go", e.before)
		var fresh []string
		for _, f := range number(e.file, e.after) {
			same := func(old Finding) bool { return old.Fingerprint == f.Fingerprint }
			if i := slices.IndexFunc(known, same); i >= 0 {
				known = slices.Delete(known, i, i+1)
				continue
			}
			fresh = append(fresh, strings.Split(e.after, "\n")[f.Line-1])
		}
		if have := strings.Join(fresh, "; "); have != e.fresh {
			t.Errorf("%s: new is %q, want %q", e.name, have, e.fresh)
		}
	}
}

func number(file, source string) []Finding {
	lines := strings.Split(source, "\n")
	var list []Finding
	for i, text := range lines {
		if !strings.Contains(text, "!") {
			continue
		}
		function, _, _ := strings.Cut(text, ":")
		f := Finding{Rule: "lockio", Package: "p", Function: function, Kind: "net", File: file, Line: i + 1, Message: "a.mu is held while a.Do waits"}
		if strings.Contains(text, "literal") {
			f.Message = "the function literal at " + file + ":" + strconv.Itoa(i+1) + " waits"
		}
		list = append(list, f)
	}
	Number(list, func(_ string, n int) string { return lines[n-1] })
	return list
}
