package vet

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// A Diagnostic is one report of an analyzer, as golang.org/x/tools prints it.
type Diagnostic struct {
	Package  string
	Analyzer string
	Category string
	Pos, End Position
	Message  string
	Related  []finding.Step
	Fixes    []finding.Fix
}

// A Position is a place in a file. Columns count bytes from 1.
type Position struct {
	File         string
	Line, Column int
}

type jsonDiagnostic struct {
	Category string `json:"category"`
	Posn     string `json:"posn"`
	End      string `json:"end"`
	Message  string `json:"message"`
	Fixes    []struct {
		Message string `json:"message"`
		Edits   []struct {
			Filename string `json:"filename"`
			Start    int    `json:"start"`
			End      int    `json:"end"`
			New      string `json:"new"`
		} `json:"edits"`
	} `json:"suggested_fixes"`
	Related []struct {
		Posn    string `json:"posn"`
		Message string `json:"message"`
	} `json:"related"`
}

// merge decodes the trees and reads the other lines as complaints.
func merge(trees, lines []string) (*Result, error) {
	res := &Result{}
	var failures []finding.Problem
	for _, text := range trees {
		var tree map[string]map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &tree); err != nil {
			return nil, fmt.Errorf("cannot read what go vet printed: %v", err)
		}
		for id, analyzers := range tree {
			pkg, _, _ := strings.Cut(id, " ") // "p [p.test]" is p with its tests
			for name, raw := range analyzers {
				list, problem, err := decode(pkg, name, raw)
				if err != nil {
					return nil, err
				}
				res.Diagnostics = append(res.Diagnostics, list...)
				failures = append(failures, problem...)
			}
		}
	}
	res.Problems = append(complaints(lines), rootFailures(failures)...)
	return res, nil
}

func decode(pkg, analyzer string, raw json.RawMessage) ([]Diagnostic, []finding.Problem, error) {
	if len(raw) > 0 && raw[0] == '{' {
		var failure struct{ Error string }
		if err := json.Unmarshal(raw, &failure); err != nil {
			return nil, nil, fmt.Errorf("cannot read what go vet printed: %v", err)
		}
		return nil, []finding.Problem{{Package: pkg, Message: analyzer + ": " + failure.Error}}, nil
	}
	var list []jsonDiagnostic
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, nil, fmt.Errorf("cannot read what go vet printed: %v", err)
	}
	diags := make([]Diagnostic, len(list))
	for i, d := range list {
		diags[i] = convert(pkg, analyzer, d)
	}
	return diags, nil, nil
}

func convert(pkg, analyzer string, j jsonDiagnostic) Diagnostic {
	d := Diagnostic{
		Package:  pkg,
		Analyzer: analyzer,
		Category: j.Category,
		Pos:      position(j.Posn),
		End:      position(j.End),
		Message:  j.Message,
	}
	if d.End.Line == 0 {
		d.End = d.Pos
	}
	for _, r := range j.Related {
		p := position(r.Posn)
		d.Related = append(d.Related, finding.Step{File: p.File, Line: p.Line, Column: p.Column, Message: r.Message})
	}
	for _, f := range j.Fixes {
		fix := finding.Fix{Message: f.Message}
		for _, e := range f.Edits {
			fix.Edits = append(fix.Edits, finding.Edit{File: Relative(e.Filename), Start: e.Start, End: e.End, New: e.New})
		}
		d.Fixes = append(d.Fixes, fix)
	}
	return d
}

// position parses file:line:column, file:line, or file; numbers are taken from
// the right because a Windows file name has a colon of its own.
func position(s string) Position {
	var numbers []int
	for len(numbers) < 2 {
		i := strings.LastIndexByte(s, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(s[i+1:])
		if err != nil {
			break
		}
		numbers = append(numbers, n)
		s = s[:i]
	}
	if s == "-" {
		s = ""
	}
	p := Position{File: Relative(s)}
	switch len(numbers) {
	case 1:
		p.Line = numbers[0]
	case 2:
		p.Line, p.Column = numbers[1], numbers[0]
	}
	return p
}

// Relative returns the file relative to the working directory, with slashes.
// Far away, as in the module cache, the absolute name is the shorter and better
// one.
func Relative(file string) string {
	if !filepath.IsAbs(file) {
		return filepath.ToSlash(file)
	}
	rel, err := filepath.Rel(workdir(), file)
	if err == nil && (len(rel) < len(file) || filepath.IsLocal(rel)) {
		file = rel
	}
	return filepath.ToSlash(file)
}
