package made

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// folder is the name of the folder beside the outputs.
const folder = ".made"

// A Target is a set of files that are made together, held by this process until
// it is released.
type Target struct {
	outputs []string
	lock    *os.File // the record
}

// Hold waits until no other process makes these outputs. The first gives the
// record its name.
func Hold(ctx context.Context, outputs []string) (*Target, error) {
	for _, out := range outputs {
		if err := os.MkdirAll(filepath.Join(filepath.Dir(out), folder, "new"), 0o777); err != nil {
			return nil, err
		}
	}
	name := recordOf(outputs)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return nil, err
	}
	const shortest, longest = time.Millisecond, 100 * time.Millisecond
	for pause := shortest; ; pause = min(2*pause, longest) {
		f, err := openLocked(name)
		if err == nil {
			return &Target{outputs, f}, nil
		}
		if !errors.Is(err, errHeld) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

// Release lets others make the target. What Temps have is removed.
func (t *Target) Release() error {
	for _, name := range t.Temps() {
		os.Remove(name) // those of Commit are gone
	}
	return t.lock.Close()
}

// Look is as the function Look, with the record in hand.
func (t *Target) Look(want Recipe) (Reason, error) {
	text, err := io.ReadAll(io.NewSectionReader(t.lock, 0, 1<<40))
	if err != nil {
		return "", err
	}
	return look(t.outputs, text, want)
}

// Temps are where the outputs are to be written, each in the folder it goes to,
// under its own name: some programs go by the extension.
func (t *Target) Temps() []string {
	list := make([]string, len(t.outputs))
	for i, out := range t.outputs {
		list[i] = filepath.Join(filepath.Dir(out), folder, "new", filepath.Base(out))
	}
	return list
}

// Commit puts the outputs in place and records what they were made of.
func (t *Target) Commit(of Recipe) error {
	r := record{Recipe: of}
	for i, name := range t.Temps() {
		sum, err := SumFile(name)
		if errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%s was not written", t.outputs[i])
		}
		if err != nil {
			return err
		}
		r.Outputs = append(r.Outputs, sum)
	}
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	// From here to the end the outputs are those of no record.
	if err := t.lock.Truncate(0); err != nil {
		return err
	}
	for i, name := range t.Temps() {
		if err := os.Rename(name, t.outputs[i]); err != nil {
			return err
		}
	}
	if _, err := t.lock.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = t.lock.Write(append(text, '\n'))
	return err
}

func recordOf(outputs []string) string {
	dir, base := filepath.Split(outputs[0])
	return filepath.Join(dir, folder, "record", base)
}

// errHeld is the error of openLocked for a record that another has.
var errHeld = errors.New("another process makes the target")
