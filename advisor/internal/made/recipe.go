package made

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// A Recipe is all that outputs depend on.
type Recipe struct {
	Maker  string  `json:"maker"` // the build of the function that makes them
	Inputs []Input `json:"inputs"`
}

// An Input is what an output is made of: a file, or a text.
type Input struct {
	Name string `json:"name"`
	Sum  string `json:"sum"` // of its content
}

// record is what is known of outputs. No sum protects it: damage makes it differ
// from what is wanted, and the outputs are then made again.
type record struct {
	Recipe
	Outputs []string `json:"outputs"` // sums of their contents
}

// A Reason says why outputs have to be made; the empty one that they are up to
// date.
type Reason string

// Reasons that stand for themselves.
const (
	Fresh    Reason = ""
	Missing  Reason = "missing"
	Unknown  Reason = "not known to be whole" // no record of how it was made, or a torn one
	Edited   Reason = "changed since it was made"
	NewMaker Reason = "the function has changed"
)

// Look says whether outputs have to be made, for a recipe. It changes nothing and
// needs no lock: while another process makes them, they are not up to date.
func Look(outputs []string, want Recipe) (Reason, error) {
	text, _ := os.ReadFile(recordOf(outputs)) // without it, the outputs are not known to be whole
	return look(outputs, text, want)
}

// look is Look with the record's text.
func look(outputs []string, text []byte, want Recipe) (Reason, error) {
	for _, out := range outputs {
		info, err := os.Stat(out)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return Missing, nil
		case err != nil:
			return "", err
		case info.IsDir():
			return "", fmt.Errorf("%s is a directory; a target is a file", out)
		}
	}
	var have record
	if json.Unmarshal(text, &have) != nil || len(have.Outputs) != len(outputs) {
		return Unknown, nil
	}
	if have.Maker != want.Maker {
		return NewMaker, nil
	}
	if why := differing(have.Inputs, want.Inputs); why != "" {
		return why, nil
	}
	for i, out := range outputs {
		sum, err := SumFile(out)
		if errors.Is(err, os.ErrNotExist) {
			return Missing, nil
		}
		if err != nil {
			return "", err
		}
		if sum == have.Outputs[i] {
			continue
		}
		if len(outputs) == 1 {
			return Edited, nil
		}
		return Reason(out+" ") + Edited, nil
	}
	return Fresh, nil
}

// differing says which input is not as it was.
func differing(have, want []Input) Reason {
	sums := make(map[string]string, len(have))
	for _, in := range have {
		sums[in.Name] = in.Sum
	}
	for _, in := range want {
		switch sum, known := sums[in.Name]; {
		case !known:
			return Reason(in.Name + " is a new input")
		case sum != in.Sum:
			return Reason(in.Name + " has changed")
		}
	}
	if !slices.Equal(have, want) {
		return "the inputs are others, or in another order"
	}
	return Fresh
}

// SumFile returns the sum of a file's content.
func SumFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// SumText returns the sum of an input that is no file.
func SumText(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Files are inputs that are files, as they are now.
func Files(names []string) ([]Input, error) {
	list := make([]Input, len(names))
	for i, name := range names {
		sum, err := SumFile(name)
		if err != nil {
			return nil, err
		}
		list[i] = Input{name, sum}
	}
	return list, nil
}

// Program adds this program to h: the dependencies of a function are all of it,
// with the standard library, embedded files and the flags of the compiler.
func Program(h io.Writer) error {
	name, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(h, f)
	return err
}
