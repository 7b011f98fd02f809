package classify

import (
	"encoding"
	"os"
	"testing"
)

// What a function for tests puts in place of the real thing says nothing of it, in whatever
// file it stands.

type Teller struct{ of encoding.TextMarshaler }

func NewTeller(of encoding.TextMarshaler) *Teller { return &Teller{of} }

type fromDisk struct{ name string }

// class: io file
func (d fromDisk) MarshalText() ([]byte, error) { return os.ReadFile(d.name) }

func TellerForTests(t testing.TB) *Teller { return NewTeller(fromDisk{t.TempDir()}) }

// class: unknown none
func (t *Teller) Tell() string {
	text, _ := t.of.MarshalText()
	return string(text)
}
