package classify

import "crypto/sha256"

// A key is made slow to guess: the number of rounds is written down.
// class: cpu cpu
func stretch(secret []byte) [32]byte {
	h := sha256.Sum256(secret)
	for range 200_000 {
		h = sha256.Sum256(h[:])
	}
	return h
}

// class: cpu cpu
func spin(x uint64) uint64 {
	for range 50_000_000 {
		x ^= x << 13
		x ^= x >> 7
	}
	return x
}

// One within the other they are as many.
// class: cpu cpu
func stir(h [32]byte) [32]byte {
	for i := 0; i < 500_000; i++ {
		for j := range h {
			h[j] = h[j]*31 + byte(i)
		}
	}
	return h
}

// As often as the data times a number is no pass over the data.
// class: cpu cpu
func knead(secret []byte) [32]byte {
	h := sha256.Sum256(secret)
	for i := 0; i < len(secret)*1000; i++ {
		h = sha256.Sum256(h[:])
	}
	return h
}

// A few thousand turns of a few instructions, or a few of a hash, are nothing.
// class: light cpu
func table() (list [4096]uint32) {
	for i := range list {
		list[i] = uint32(i) * 2654435761
	}
	return list
}

// class: light cpu
func rehash(h [32]byte) [32]byte {
	for range 1000 {
		h = sha256.Sum256(h[:])
	}
	return h
}

// A number at which somebody gives up is none of turns.
// class: light cpu
func root(x float64) float64 {
	for range 100_000_000 {
		next := (x + 2/x) / 2
		if next == x {
			break
		}
		x = next
	}
	return x
}

type person struct {
	name string
	tags []string
}

// A few words that each of the data holds, until one is found.
// class: light cpu
func tagged(list []person, tag string) (out []person) {
	for _, p := range list {
		for _, t := range p.tags {
			if t == tag {
				out = append(out, p)
				break
			}
		}
	}
	return out
}

// class: light cpu
func (p person) has(tag string) bool {
	for _, t := range p.tags {
		if t == tag {
			return true
		}
	}
	return false
}

// class: light cpu
func countTagged(list []person, tag string) (n int) {
	for _, p := range list {
		if p.has(tag) {
			n++
		}
	}
	return n
}

// All of them, for each of the data, are computing.
// class: cpu cpu
func lettersOfTags(list []person) (n int) {
	for _, p := range list {
		for _, t := range p.tags {
			n += len(t)
		}
	}
	return n
}

// So is a search in what is the same for each.
// class: cpu cpu
func known(list, names []string) (n int) {
	for _, p := range list {
		for _, name := range names {
			if name == p {
				n++
				break
			}
		}
	}
	return n
}
