package classify

// Records that hold records: both loops together are one pass over what somebody has
// written down.
type kind struct {
	name   string
	fields []field
}

type field struct{ name, of string }

func (k *kind) Fields() []field { return k.fields }

// class: light cpu
func checkNames(kinds map[string]*kind) (wrong []string) {
	for name, k := range kinds {
		for _, f := range k.fields {
			if f.name == "" {
				wrong = append(wrong, name)
			}
		}
	}
	return wrong
}

// class: light cpu
func countFields(kinds []*kind) (n int) {
	for i := range kinds {
		k := kinds[i]
		for _, f := range k.Fields() {
			n += len(f.of)
		}
	}
	return n
}

// The records may be kept elsewhere under the same key.
// class: light cpu
func countOf(kinds []*kind, fields map[string][]field) (n int) {
	for _, k := range kinds {
		for _, f := range fields[k.name] {
			n += len(f.of)
		}
	}
	return n
}

// class: light cpu
func (k *kind) width() (n int) {
	for _, f := range k.fields {
		n = max(n, len(f.name))
	}
	return n
}

// class: light cpu
func widths(kinds []*kind) (list []int) {
	for _, k := range kinds {
		list = append(list, k.width())
	}
	return list
}

// All fields for each kind are more than one pass.
// class: cpu cpu
func crossed(kinds []*kind, fields []field) (n int) {
	for _, k := range kinds {
		for _, f := range fields {
			if f.of == k.name {
				n++
			}
		}
	}
	return n
}

// class: cpu cpu
func widest(kinds []*kind, of *kind) (n int) {
	for range kinds {
		n += of.width()
	}
	return n
}

// Words come by the million.
// class: cpu cpu
func letters(lines [][]string) (n int) {
	for _, words := range lines {
		for _, w := range words {
			n += len(w)
		}
	}
	return n
}

type shop struct {
	name string
	open bool
}

type option func(*shop)

// A functional option sets a field of what is made.
// class: light cpu
func newShop(name string, opts ...option) *shop {
	s := &shop{name: name}
	for _, o := range opts {
		o(s)
	}
	return s
}

// What else is called is not known.
// class: unknown none
func visit(s *shop, each []func(string)) {
	for _, f := range each {
		f(s.name)
	}
}

// Workers for each of the queues: the computing is theirs.
// class: coordination cpu
func crews(queues []chan []string, each int) {
	for _, q := range queues {
		for i := 0; i < each; i++ {
			go func() {
				for words := range q {
					letters([][]string{words})
				}
			}()
		}
	}
}
