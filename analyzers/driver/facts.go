package driver

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// A factKey names a fact within its package.
type factKey struct {
	Type   string          // of the fact
	Object objectpath.Path // empty: the fact is about the package
}

// Facts are those of one package, encoded. Each is decoded for whoever asks, so
// that nobody can change another's, and so that a fact looks the same whether
// it was just found or comes from the cache.
type facts struct {
	Encoded map[factKey][]byte
	hashes  sync.Map // factKey → [8]byte
	paths   *objectpath.Encoder
	mu      sync.Mutex // of paths
}

func newFacts() *facts {
	return &facts{Encoded: make(map[factKey][]byte), paths: new(objectpath.Encoder)}
}

// keyOf names the fact about obj. It fails for objects that nobody outside the
// package can name: those have no facts for others.
func (f *facts) keyOf(obj types.Object, fact analysis.Fact) (factKey, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path, err := f.paths.For(obj)
	return factKey{typeName(fact), path}, err == nil
}

func typeName(f analysis.Fact) string {
	t := reflect.TypeOf(f).Elem()
	return t.PkgPath() + "." + t.Name()
}

// export keeps a fact about obj, or about the package where obj is nil.
func (f *facts) export(obj types.Object, fact analysis.Fact) {
	k := factKey{Type: typeName(fact)}
	if obj != nil {
		var ok bool
		if k, ok = f.keyOf(obj, fact); !ok {
			return
		}
	}
	text, err := encodeFact(fact)
	if err != nil {
		panic(fmt.Errorf("fact %T of %v cannot be encoded: %v", fact, obj, err)) // a defect of the analyzer
	}
	f.mu.Lock()
	f.Encoded[k] = text
	f.mu.Unlock()
}

// load decodes the fact into the one given.
func (f *facts) load(k factKey, into analysis.Fact) bool {
	f.mu.Lock()
	text, ok := f.Encoded[k]
	f.mu.Unlock()
	return ok && decodeFact(text, into) == nil
}

// hash tells equal facts; of a fact that is not there it is zero.
func (f *facts) hash(k factKey) (h [8]byte) {
	if v, ok := f.hashes.Load(k); ok {
		return v.([8]byte)
	}
	f.mu.Lock()
	text, ok := f.Encoded[k]
	f.mu.Unlock()
	if ok {
		sum := sha256.Sum256(text)
		copy(h[:], sum[:])
		h[0] |= 1 // never zero
	}
	f.hashes.Store(k, h)
	return h
}

// Facts with an encoding of their own need no description of their type, which
// is most of what gob would write.
func encodeFact(fact analysis.Fact) ([]byte, error) {
	if g, ok := fact.(gob.GobEncoder); ok {
		return g.GobEncode()
	}
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(fact)
	return b.Bytes(), err
}

func decodeFact(text []byte, into analysis.Fact) error {
	if g, ok := into.(gob.GobDecoder); ok {
		return g.GobDecode(text)
	}
	return gob.NewDecoder(bytes.NewReader(text)).Decode(into)
}
