package advisor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
)

// remedy ends every error about the lint output.
const remedy = `give it what "concurlint -sites -format json" prints`

// ReadLint reads what "concurlint -sites -format json" prints.
func ReadLint(r io.Reader) (*Lint, error) {
	var in struct {
		Lint
		Sites     *[]Site     `json:"sites"`
		Functions *[]Function `json:"functions"`
	}
	dec := json.NewDecoder(r)
	if err := dec.Decode(&in); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("lint output is empty, %s", remedy)
		}
		return nil, fmt.Errorf("lint output is not readable (%v), %s", err, remedy)
	}
	if in.Version != 1 {
		return nil, fmt.Errorf("lint output has version %d, not 1, %s of this release", in.Version, remedy)
	}
	if in.Sites == nil || in.Functions == nil {
		return nil, fmt.Errorf("lint output has no sites or no functions, %s", remedy)
	}
	in.Lint.Sites, in.Lint.Functions = *in.Sites, *in.Functions
	return &in.Lint, nil
}

// ReadReport reads a report as "concurlint advise -format json" prints it.
func ReadReport(r io.Reader) (*Report, error) {
	const remedy = `give it what "concurlint advise -format json" or "concurlint run -write-advice" wrote`
	rep := &Report{}
	if err := json.NewDecoder(r).Decode(rep); err != nil {
		return nil, fmt.Errorf("advice is not readable (%v), %s", err, remedy)
	}
	if rep.Version != 1 {
		return nil, fmt.Errorf("advice has version %d, not 1, %s of this release", rep.Version, remedy)
	}
	return rep, nil
}

// plainFinding and plainJudged have the fields without the methods.
type (
	plainFinding Finding
	verdict      struct {
		Severity string   `json:"severity"`
		Was      string   `json:"was"`
		Verdict  string   `json:"verdict"`
		Because  []string `json:"because"`
		Evidence []string `json:"evidence"`
		Stake    float64  `json:"stake"`

		StakeRange Span `json:"stakeRange,omitzero"`
	}
)

type fields = map[string]json.RawMessage

// UnmarshalJSON keeps the fields that Finding does not name.
func (f *Finding) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, (*plainFinding)(f)); err != nil {
		return err
	}
	f.rest = nil
	if err := json.Unmarshal(data, &f.rest); err != nil {
		return err
	}
	named, err := split(plainFinding{})
	maps.DeleteFunc(f.rest, func(key string, _ json.RawMessage) bool { return named[key] != nil })
	return err
}

// MarshalJSON writes all fields that were read, in the order of their names.
func (f Finding) MarshalJSON() ([]byte, error) { return merged(f.rest, plainFinding(f)) }

// UnmarshalJSON reads both halves of a judged finding.
func (j *Judged) UnmarshalJSON(data []byte) error {
	var v verdict
	if err := errors.Join(json.Unmarshal(data, &j.Finding), json.Unmarshal(data, &v)); err != nil {
		return err
	}
	named, err := split(v)
	maps.DeleteFunc(j.rest, func(key string, _ json.RawMessage) bool { return named[key] != nil })
	j.Was, j.Verdict, j.Because, j.Evidence, j.Stake, j.StakeRange = v.Was, v.Verdict, v.Because, v.Evidence, v.Stake, v.StakeRange
	return err
}

// MarshalJSON writes the finding as it was read and the verdict beside it.
func (j Judged) MarshalJSON() ([]byte, error) {
	return merged(j.rest, plainFinding(j.Finding), verdict{j.Severity, j.Was, j.Verdict, j.Because, j.Evidence, j.Stake, j.StakeRange})
}

// merged is one object with the fields of all; the later ones win.
func merged(rest fields, parts ...any) ([]byte, error) {
	all := maps.Clone(rest)
	if all == nil {
		all = fields{}
	}
	for _, p := range parts {
		f, err := split(p)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, f)
	}
	return encode(all)
}

func split(v any) (fields, error) {
	data, err := encode(v)
	if err != nil {
		return nil, err
	}
	var f fields
	return f, json.Unmarshal(data, &f)
}

// encode leaves <, > and & to whoever writes the whole: json.Marshal would
// escape them for good.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}
