package profile

import (
	"hash/maphash"
	"slices"
)

// A Builder gives frames their numbers while recordings are read. All sources
// of one Evidence share it, so that a function has few numbers, whichever
// recording names it. It is not safe for concurrent use.
type Builder struct {
	frames []Frame
	ids    map[Frame]FrameID
	texts  map[string]string
	infos  []*funcInfo          // by FrameID, as far as it was asked for
	byFunc map[string]*funcInfo // likewise by name
	roles  []*role              // likewise by FrameID
}

// NewBuilder returns a Builder without frames.
func NewBuilder() *Builder {
	return &Builder{ids: map[Frame]FrameID{}, texts: map[string]string{}, byFunc: map[string]*funcInfo{}}
}

// Frame is the number of f; equal frames have the same.
func (b *Builder) Frame(f Frame) FrameID {
	if id, ok := b.ids[f]; ok {
		return id
	}
	// One copy of each name: a recording repeats it with every line.
	f.Func, f.File = b.text(f.Func), b.text(f.File)
	id := FrameID(len(b.frames))
	b.frames = append(b.frames, f)
	b.ids[f] = id
	return id
}

func (b *Builder) text(s string) string {
	if kept, ok := b.texts[s]; ok {
		return kept
	}
	b.texts[s] = s
	return s
}

// At is the frame with number id.
func (b *Builder) At(id FrameID) Frame { return b.frames[id] }

// Frames are all frames by number; the Builder must not be used afterwards.
func (b *Builder) Frames() []Frame { return b.frames }

// A StackID is a number that a StackSet gives to a path.
type StackID int32

// A StackSet adds up weights by path for one source. The zero value is not
// ready: use NewStackSet. It is not safe for concurrent use.
type StackSet struct {
	stacks []Stack
	first  map[uint64]StackID // by hash of the path
	next   []StackID          // by StackID: another one with the same hash, or -1
	arena  []FrameID          // what is left of the block that paths are cut from
	seed   maphash.Seed
}

// arenaBlock is how many frames are allocated at once: a large profile has
// half a million paths, and an allocation for each costs more than the paths.
const arenaBlock = 1 << 14

// NewStackSet returns an empty set with room for about n paths.
func NewStackSet(n int) *StackSet {
	return &StackSet{
		stacks: make([]Stack, 0, n),
		first:  make(map[uint64]StackID, n),
		next:   make([]StackID, 0, n),
		seed:   maphash.MakeSeed(),
	}
}

// Intern is the number of a path, leaf first. The path is copied where it is
// new, so the caller may use its slice again.
func (s *StackSet) Intern(path []FrameID) StackID { return s.InternOn(path, Executor{}) }

// InternOn is Intern for a path that ran on an executor.
func (s *StackSet) InternOn(path []FrameID, ran Executor) StackID {
	h := s.hash(path)
	head, ok := s.first[h]
	if !ok {
		head = -1
	}
	for id := head; id >= 0; id = s.next[id] {
		if s.stacks[id].Ran == ran && slices.Equal(s.stacks[id].Frames, path) {
			return id
		}
	}
	id := StackID(len(s.stacks))
	s.stacks = append(s.stacks, Stack{Frames: s.keep(path), Ran: ran})
	s.next = append(s.next, head)
	s.first[h] = id
	return id
}

func (s *StackSet) hash(path []FrameID) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	for _, id := range path {
		h.Write([]byte{byte(id), byte(id >> 8), byte(id >> 16), byte(id >> 24)})
	}
	return h.Sum64()
}

func (s *StackSet) keep(path []FrameID) []FrameID {
	if len(path) > len(s.arena) {
		s.arena = make([]FrameID, max(arenaBlock, len(path)))
	}
	kept := s.arena[:len(path):len(path)]
	s.arena = s.arena[len(path):]
	copy(kept, path)
	return kept
}

// Weights are those of a path, to be added to. The pointer holds until the next
// Intern.
func (s *StackSet) Weights(id StackID) *Weights { return &s.stacks[id].Weights }

// Path is the path with number id, leaf first; it must not be changed.
func (s *StackSet) Path(id StackID) []FrameID { return s.stacks[id].Frames }

// Stacks are all paths by number, as a Source has them.
func (s *StackSet) Stacks() []Stack { return s.stacks }
