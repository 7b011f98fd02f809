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
	mu      sync.Mutex
	Encoded map[factKey][]byte
	hashes  sync.Map // factKey → [8]byte
}

func newFacts() *facts { return &facts{Encoded: make(map[factKey][]byte)} }

// Names say how objects are named in facts. Finding one is a search, so that
// each is kept; and it keeps the object, so that names live as long as the
// packages that they are of.
type names struct {
	known    sync.Map // types.Object → name
	encoders sync.Map // *types.Package → *encoder
}

// A name is the path of an object; objects that nobody outside their package can
// name have none.
type name struct {
	path objectpath.Path
	ok   bool
}

type encoder struct {
	sync.Mutex
	objectpath.Encoder
}

func (ns *names) of(obj types.Object) (objectpath.Path, bool) {
	if v, ok := ns.known.Load(obj); ok {
		n := v.(name)
		return n.path, n.ok
	}
	v, _ := ns.encoders.LoadOrStore(obj.Pkg(), new(encoder))
	enc := v.(*encoder)
	enc.Lock()
	path, err := enc.For(obj)
	enc.Unlock()
	ns.known.Store(obj, name{path, err == nil})
	return path, err == nil
}

func typeName(f analysis.Fact) string {
	t := reflect.TypeOf(f).Elem()
	return t.PkgPath() + "." + t.Name()
}

// export keeps a fact.
func (f *facts) export(k factKey, fact analysis.Fact) {
	text, err := encodeFact(fact)
	if err != nil {
		panic(fmt.Errorf("fact %T cannot be encoded: %v", fact, err)) // a defect of the analyzer
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
