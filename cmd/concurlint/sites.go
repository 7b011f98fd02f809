package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/analyzers/sites"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// program takes out of the diagnostics what analyzer sites reported. The rest
// are those of the rules.
func program(diags []check.Diagnostic, module check.Module) (*finding.Program, []check.Diagnostic, error) {
	p := &finding.Program{
		Module:    advisor.Module{Path: module.Path, Dir: module.Dir},
		Sites:     []advisor.Site{},
		Functions: []advisor.Function{},
	}
	var rest []check.Diagnostic
	for _, d := range diags {
		if d.Analyzer != sites.Analyzer.Name {
			rest = append(rest, d)
			continue
		}
		var m struct {
			Site     *advisor.Site
			Function *advisor.Function
		}
		if err := json.Unmarshal([]byte(d.Message), &m); err != nil {
			return nil, nil, fmt.Errorf("cannot read what analyzer sites reported: %v", err)
		}
		switch {
		case m.Site != nil:
			relativize(m.Site)
			p.Sites = append(p.Sites, *m.Site)
		case m.Function != nil:
			relativize(m.Function)
			p.Functions = append(p.Functions, *m.Function)
		}
	}
	sortProgram(p)
	return p, rest, nil
}

// sortProgram puts sites and functions in the order of their places, each once: a
// package may have been analyzed with its tests and without.
func sortProgram(p *finding.Program) {
	slices.SortFunc(p.Sites, func(a, b advisor.Site) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			strings.Compare(a.Executor, b.Executor))
	})
	p.Sites = slices.CompactFunc(p.Sites, func(a, b advisor.Site) bool {
		return a.Package == b.Package && a.Place == b.Place && a.Executor == b.Executor
	})
	slices.SortFunc(p.Functions, func(a, b advisor.Function) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Function, b.Function))
	})
	p.Functions = slices.CompactFunc(p.Functions, func(a, b advisor.Function) bool {
		return a.Package == b.Package && a.File == b.File && a.Line == b.Line && a.Function == b.Function
	})
}

// relativize makes every file that v holds relative to the working directory.
func relativize(v any) { eachFile(reflect.ValueOf(v), check.Relative) }

// eachFile replaces all strings in fields named File. Reflection keeps this in
// step with the types, which grow.
func eachFile(v reflect.Value, f func(string) string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachFile(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachFile(v.Index(i), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Field(i)
			if name := v.Type().Field(i).Name; name == "File" && field.Kind() == reflect.String && field.Len() > 0 {
				field.SetString(f(field.String()))
				continue
			}
			eachFile(field, f)
		}
	}
}
