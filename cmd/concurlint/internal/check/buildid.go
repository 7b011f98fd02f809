package check

import (
	"bytes"
	"encoding/binary"
	"io"
	"strconv"
)

// The linker writes the build ID near the start of the executable: in ELF in a
// note, elsewhere as the first words of the text. Both are looked for as
// cmd/internal/buildid does, which cannot be imported.
var (
	noteHead  = []byte("\x04\x00\x00\x00Go\x00\x00") // type and name, little-endian
	textStart = []byte("\xff Go build ID: ")
	textEnd   = []byte("\n \xff")
)

// headSize is how much of the executable holds the build ID.
const headSize = 32 << 10

// buildID is the build ID of a Go executable, whose last part is a hash of all its
// contents; "" if it has none, as after -ldflags=-buildid=, or none that is found
// here, as on a big-endian machine.
func buildID(r io.Reader) string {
	head, err := io.ReadAll(io.LimitReader(r, headSize))
	if err != nil {
		return ""
	}
	id := noteID(head)
	if id == "" {
		id = textID(head)
	}
	if bytes.Count([]byte(id), []byte("/")) != 3 {
		return "" // not what go build writes: nobody says that it follows from the contents
	}
	return id
}

// noteID reads an ELF note: the sizes of name and description, its type, the name,
// the description.
func noteID(head []byte) string {
	i := bytes.Index(head, noteHead)
	if i < 4 {
		return ""
	}
	size, rest := binary.LittleEndian.Uint32(head[i-4:]), head[i+len(noteHead):]
	if uint64(size) > uint64(len(rest)) {
		return ""
	}
	return string(rest[:size])
}

func textID(head []byte) string {
	_, rest, ok := bytes.Cut(head, textStart)
	if !ok {
		return ""
	}
	quoted, _, ok := bytes.Cut(rest, textEnd)
	if !ok {
		return ""
	}
	id, err := strconv.Unquote(string(quoted))
	if err != nil {
		return ""
	}
	return id
}
