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
// class: light none
func newShop(name string, opts ...option) *shop {
	s := &shop{name: name}
	for _, o := range opts {
		o(s)
	}
	return s
}

// class: light cpu
func newShops(names []string, opts ...option) (list []*shop) {
	for _, n := range names {
		list = append(list, newShop(n, opts...))
	}
	return list
}

// What is given a value from elsewhere may do anything to it.
// class: unknown none
func migrateShop(s *shop, steps ...func(*shop) error) error {
	for _, step := range steps {
		if err := step(s); err != nil {
			return err
		}
	}
	return nil
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

// Everything for each element, by whatever way it is reached.
type vertex struct {
	of    *graph
	edges []*vertex
	mark  int
}

type graph struct{ all []*vertex }

func (v *vertex) everybody() []*vertex { return v.of.all }

// class: cpu cpu
func pairs(list []*vertex) (n int) {
	for _, v := range list {
		for _, w := range v.of.all {
			n += w.mark
		}
	}
	return n
}

// class: cpu cpu
func pairsByMethod(list []*vertex) (n int) {
	for _, v := range list {
		for _, w := range v.everybody() {
			n += w.mark
		}
	}
	return n
}

// class: cpu cpu
func pairsOfBoth(list, others []*vertex) (n int) {
	for _, v := range list {
		near := v.edges
		near = others
		for _, w := range near {
			n += w.mark
		}
	}
	return n
}

// class: cpu cpu
func products(a, b [][]vertex) (n int) {
	for i := range a {
		for j := range b {
			for _, v := range a[i] {
				n += v.mark * j
			}
		}
	}
	return n
}

// class: cpu cpu
func matrices(a, b [][]vertex) (n int) {
	for i := range a {
		for j := range a[i] {
			for _, v := range b[j] {
				n += a[i][j].mark * v.mark
			}
		}
	}
	return n
}

// The words of a set are words.
// class: cpu cpu
func wordsOfAll(sets []map[string]struct{}) (n int) {
	for _, s := range sets {
		for w := range s {
			n += len(w)
		}
	}
	return n
}

// class: light cpu
func (v *vertex) weight(others []*vertex) (n int) {
	for _, w := range others {
		n += w.mark
	}
	return n
}

// class: cpu cpu
func weights(list, others []*vertex) (n int) {
	for _, v := range list {
		n += (*vertex).weight(v, others)
	}
	return n
}

// A goroutine somewhere below does not take the computing over.
// class: coordination none
func shout(n int) { go println(n) }

// class: cpu cpu
func shoutEach(a, b []string) {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				shout(len(x))
			}
		}
	}
}
