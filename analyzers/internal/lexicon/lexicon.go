// Package lexicon is the only place where names of the code under analysis are
// read. A name is a hint and never a fact: what it says is a signal with few points
// (see package evidence).
//
// Names are compared by whole words, so that entries does not hold tries.
package lexicon

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// wordsTSV holds a word a line: the role that it gives a name, where in the name it
// has to stand (first, last, at an end, or any), a name that matches, one that must
// not, and the case file that holds the first.
//
//go:embed words.tsv
var wordsTSV string

// A Role is what a word says of the thing that is named so.
type Role string

// The roles.
const (
	Settings    Role = "settings"    // what a program is configured with
	Actor       Role = "actor"       // runs for as long as its owner
	Ends        Role = "ends"        // ends something
	Tells       Role = "tells"       // tells those who listen
	Serial      Role = "serial"      // a mutex for work that is done one at a time
	Constructor Role = "constructor" // makes the thing
	Sets        Role = "sets"        // called before the work starts, or once in a while
	Job         Role = "job"         // made for one piece of work
	Waits       Role = "waits"       // looks again and again until something is so
	Quits       Role = "quits"       // a channel that is closed when all ends
	Until       Role = "until"       // the next word says for how long, not what is done
)

// A word gives names a role.
type word struct {
	text, where string
	match, not  string // names
	caseFile    string
}

// roles are read when they are first asked for.
var roles = sync.OnceValue(func() map[Role][]word { return mustParse(wordsTSV) })

func mustParse(text string) map[Role][]word {
	m := make(map[Role][]word)
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 6 {
			panic(fmt.Sprintf("words.tsv:%d: want 6 columns, have %d", i+1, len(f))) // a test reads it
		}
		if i > 0 {
			m[Role(f[0])] = append(m[Role(f[0])], word{f[1], f[2], f[3], f[4], f[5]})
		}
	}
	return m
}

// Is reports whether a name has the role.
func Is(role Role, name string) bool {
	list := Words(name)
	return len(list) > 0 && slices.ContainsFunc(roles()[role], func(w word) bool { return w.in(list) })
}

func (w word) in(list []string) bool {
	first, last := list[0], list[len(list)-1]
	switch w.where {
	case "first":
		return w.is(first)
	case "last":
		return w.is(last)
	case "end":
		// What goes on until something ends does not end it: flushUntilClose.
		return w.is(first) || w.is(last) && !until(list[:len(list)-1])
	}
	return slices.ContainsFunc(list, w.is)
}

// until reports whether a word that comes behind the list says for how long something goes on.
func until(list []string) bool {
	return len(list) > 0 && slices.ContainsFunc(roles()[Until], func(w word) bool { return w.is(list[len(list)-1]) })
}

// is reports whether the word is s, or s its plural.
func (w word) is(s string) bool {
	return s == w.text || s == w.text+"s" || s == w.text+"es"
}

// Words returns the words of a camel-case or snake-case name, in lower case. What a
// collection is made of is no word of its name: hosts of hostMap.
func Words(name string) []string {
	var list []string
	runes := []rune(name)
	start := 0
	add := func(end int) {
		if end > start {
			list = append(list, strings.ToLower(string(runes[start:end])))
		}
		start = end
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r):
			add(i)
			start = i + 1
		case i > start && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			add(i) // the U of userID, the S of HTTPServer
		}
	}
	add(len(runes))
	if n := len(list); n > 1 && slices.Contains([]string{"map", "list", "set", "slice"}, list[n-1]) {
		list = list[:n-1]
	}
	return list
}
