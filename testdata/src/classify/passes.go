package classify

import (
	"bufio"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"strings"
)

// Each goroutine waits, its starter does not; a loop that starts is one pass.
// class: coordination cpu
func fetchEach(urls []string) {
	for _, u := range urls {
		go http.Get(u)
	}
}

// The inner loop takes the outer one forward: one pass over the text.
// class: light cpu
func fields(s string) (list []string) {
	i := 0
	for i < len(s) {
		for i < len(s) && s[i] == ' ' {
			i++
		}
		start := i
		for i < len(s) && s[i] != ' ' {
			i++
		}
		list = append(list, s[start:i])
	}
	return list
}

// The rest is cut off by the inner loop.
// class: light cpu
func runs(s string) (n int) {
	for len(s) > 0 {
		c := s[0]
		for len(s) > 0 && s[0] == c {
			s = s[1:]
		}
		n++
	}
	return n
}

// The inner loop reads on from where the outer one stands, under no condition.
// class: light cpu
func varints(b []byte) (list []uint64, ok bool) {
	i := 0
	for i < len(b) {
		var x uint64
		for shift := 0; ; shift += 7 {
			if shift >= 64 || i >= len(b) {
				return nil, false
			}
			c := b[i]
			i++
			x |= uint64(c&0x7f) << shift
			if c < 0x80 {
				break
			}
		}
		list = append(list, x)
	}
	return list, true
}

// What the callee takes is cut off, so that all calls together are one pass.
// class: light cpu
func fieldsOf(b []byte) (n int) {
	for i := 0; i < len(b); {
		taken := skip(b[i:])
		if taken <= 0 {
			break
		}
		i += taken
		n++
	}
	return n
}

// Groups within groups, each of which is given what follows.
// class: light cpu
func brackets(b []byte) int {
	i := 0
	for i < len(b) {
		switch from := i + 1; b[i] {
		case '(':
			n := brackets(b[from:])
			i = from + n
		case ')':
			return i + 1
		default:
			i++
		}
	}
	return i
}

// The whole is handed on again and again.
// class: cpu cpu
func suffixes(b []byte) (n int) {
	for i := range b {
		n += skip(b[i:])
	}
	return n
}

// class: light cpu
func skip(b []byte) int {
	for i, c := range b {
		if c < 0x80 {
			return i + 1
		}
	}
	return 0
}

// The inner loop runs once: what follows it leaves the outer one.
// class: light cpu
func quoted(s string) (string, bool) {
	for i := range s {
		if s[i] == '"' {
			for j := i + 1; j < len(s); j++ {
				if s[j] == '"' {
					return s[i+1 : j], true
				}
			}
			break
		}
	}
	return "", false
}

// Its break leaves the switch alone, so the inner loop runs each time.
// class: cpu cpu
func escaped(lines []string) (n int) {
	for _, l := range lines {
		switch {
		case strings.HasPrefix(l, "\\"):
			for range l {
				n++
			}
			break
		}
	}
	return n
}

// The inner counter starts again for each line.
// class: cpu cpu
func indents(lines []string) (n int) {
	for i := 0; i < len(lines); i++ {
		for j := 0; j < len(lines[i]) && lines[i][j] == ' '; j++ {
			n++
		}
	}
	return n
}

// A search in a loop that ends with the search.
// class: light cpu
func firstLong(us []user) int {
	for _, u := range us {
		if len(u.Name) > 40 {
			return vowels(u.Name)
		}
	}
	return 0
}

// class: light cpu
func vowels(s string) (n int) {
	for _, r := range s {
		if strings.ContainsRune("aeiou", r) {
			n++
		}
	}
	return n
}

type link struct {
	next *link
	name string
}

// Recursion along a list is a loop.
// class: light cpu
func (l *link) len() int {
	if l == nil {
		return 0
	}
	return 1 + l.next.len()
}

// Down one side of a tree, too.
// class: light cpu
func (t *tree) find(v int) *tree {
	if t == nil || t.value == v {
		return t
	}
	if v < t.value {
		return t.left.find(v)
	}
	return t.right.find(v)
}

// A list of lists is data within data.
// class: cpu cpu
func (l *link) letters() (n int) {
	if l == nil {
		return 0
	}
	for range l.name {
		n++
	}
	return n + l.next.letters()
}

type folder struct {
	subs  []folder
	files []string
}

// Recursion for each of its data goes through a tree.
// class: cpu cpu
func (f *folder) count() int {
	n := len(f.files)
	for i := range f.subs {
		n += f.subs[i].count()
	}
	return n
}

// Computing on the way out of an error is not what the function does.
// class: light none
func check(us []user, err error) error {
	if err != nil {
		for _, u := range us {
			for range u.Name {
				println(u.ID)
			}
		}
		return err
	}
	return nil
}

// Sized has a method that answers and cannot fail, one that reports, and one that
// can fail.
type Sized interface {
	Size() int
	Seen(n int)
	Load() (int, error)
}

// class: light none
func sizes(s Sized) int { return s.Size() + 1 }

// class: unknown none
func sees(s Sized) { s.Seen(1) }

// class: unknown none
func loads(s Sized) (int, error) { return s.Load() }

// What is copied may be packed, but need not be.
// class: io net
func unpacks(name string) ([]byte, error) {
	resp, err := http.Get(name)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var r io.Reader = resp.Body
	if resp.Header.Get("Content-Encoding") == "gzip" {
		if r, err = gzip.NewReader(resp.Body); err != nil {
			return nil, err
		}
	}
	return io.ReadAll(r)
}

// A constructor that fills what it makes, and a method that makes what is missing.
type vars struct{ m map[string]int }

// class: light cpu
func newVars(names ...string) *vars {
	v := &vars{m: map[string]int{}}
	for i, n := range names {
		v.set(n, i)
	}
	return v
}

// class: light none
func (v *vars) set(name string, n int) {
	if v == nil {
		v = newVars()
	}
	v.m[name] = n
}

// A tree behind an interface is gone over for each of its leaves.
type branch interface{ leaves() int }

type fork []branch

// class: cpu cpu
func (f fork) leaves() (n int) {
	for _, b := range f {
		n += b.leaves()
	}
	return n
}

// Lists is implemented here by what is wrapped around another: how many there are of
// these is no data.
type Lists interface {
	Save(names []string) error
}

type checked struct{ next Lists }

// class: unknown cpu
func (c *checked) Save(names []string) error {
	for i, n := range names {
		if n == "" {
			names[i] = "unnamed"
		}
	}
	return c.next.Save(names)
}

// Two of its kind make a tree.
type Sum interface{ Value() int }

type pair struct {
	left, right Sum
	bias        []int
}

// class: cpu cpu
func (p pair) Value() (n int) {
	for _, b := range p.bias {
		n += b
	}
	return n + p.left.Value() + p.right.Value()
}

// What reads a file line by line waits for that, and one pass over each line goes by
// meanwhile.
// class: io file
func longest(name string) (n int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		n = max(n, vowels(sc.Text()))
	}
	return n, sc.Err()
}

// Nested loops for each line are more than that.
// class: mixed file
func nearest(name, word string) (n int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		n = min(n, distance(sc.Text(), word))
	}
	return n, sc.Err()
}
