package main

import (
	"go/ast"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// judge labels the candidates of the old commit.
func (m *miner) judge(old, newest *version) ([]row, error) {
	gone := unmatched(old.findings, newest.findings)
	var rows []row
	for i, f := range old.findings {
		before, after := old.function(f), newest.namesake(f)
		if before == nil || after == nil || before.text == after.text || newest.broken[f.Package] {
			continue
		}
		r := row{repository: m.name, commit: old.commit, rule: f.Rule, place: f.place(), function: f.Function, signals: f.names()}
		switch {
		case !gone[i]:
			r.label, r.weight, r.source = "no", weakNo, "history "+newest.commit
		case cured(f, before, after):
			r.label, r.weight, r.source = "yes", "1", "history "+m.commitOf(f, before, old.commit, newest.commit)
		default:
			continue
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// numbers and file names differ between commits and say nothing.
var placeless = regexp.MustCompile(`[\w./-]+\.go:\d+(:\d+)?|\d+`)

// unmatched marks the old candidates that have no counterpart among the new ones:
// of each function and rule first those of the same message count as survived, then,
// as lines may have been reworded, as many of the rest as there are new ones.
func unmatched(old, newest []finding) []bool {
	key := func(f finding) string { return f.Rule + "\x00" + filepath.Dir(f.File) + "\x00" + f.Function }
	said := func(f finding) string { return key(f) + "\x00" + placeless.ReplaceAllString(f.Message, "") }
	left, exact := make(map[string]int), make(map[string]int)
	for _, f := range newest {
		left[key(f)]++
		exact[said(f)]++
	}
	gone := make([]bool, len(old))
	for i, f := range old {
		if exact[said(f)] > 0 {
			exact[said(f)]--
			left[key(f)]--
			continue
		}
		gone[i] = true
	}
	for i, f := range old {
		if gone[i] && left[key(f)] > 0 {
			left[key(f)]--
			gone[i] = false
		}
	}
	return gone
}

// cured reports whether the new code shows why the candidate is gone, with the work
// still in the function: otherwise the engine may have lost sight of it.
func cured(f finding, before, after *function) bool {
	at := before.at(f)
	if at == nil {
		return false
	}
	switch f.Rule {
	case "lockio":
		uses := after.uses(called(at))
		return called(at) != "" && len(uses) > 0 && !slices.ContainsFunc(uses, func(u use) bool { return u.locked && !u.handed })
	case "blockloop":
		uses := after.uses(called(at))
		return called(at) != "" && len(uses) > 0 && !slices.ContainsFunc(uses, func(u use) bool { return !u.handed })
	case "fanout":
		return works(at, after) && (after.bounds() > before.bounds() || after.starts() < before.starts())
	case "poolfit":
		return works(at, after) && resized(before, after)
	}
	return false
}

// resized reports whether a size is worked out otherwise: NumCPU is named less
// often, or a number is gone. A variable for what was written twice changes neither.
func resized(before, after *function) bool {
	if n := strings.Count(before.text, "NumCPU"); n > 0 {
		return strings.Count(after.text, "NumCPU") < n
	}
	return slices.ContainsFunc(number.FindAllString(before.text, -1), func(n string) bool {
		return !slices.Contains(number.FindAllString(after.text, -1), n)
	})
}

var number = regexp.MustCompile(`\b\d+\b`)

// works reports whether most of what the old site called is still called.
func works(site ast.Node, after *function) bool {
	now, same, all := calls(after.decl.Body), 0, 0
	for name := range calls(site) {
		if name == "Done" || name == "Add" || name == "Go" || name == "Submit" || name == "Lock" || name == "Unlock" {
			continue
		}
		all++
		if now[name] {
			same++
		}
	}
	return all > 0 && 2*same >= all
}

// commitOf returns the first commit from which on the code shows the cure.
func (m *miner) commitOf(f finding, before *function, old, newest string) string {
	list, err := m.gitText("log", "--reverse", "--format=%H", old+".."+newest, "--", f.File)
	if err != nil {
		return newest
	}
	for _, commit := range strings.Fields(list) {
		source, err := exec.Command("git", "-C", m.git, "show", commit+":"+f.File).Output()
		if err != nil {
			continue
		}
		if fn := functions(source)[f.Function]; fn != nil && fn.text != before.text && cured(f, before, fn) {
			return commit
		}
	}
	return newest
}
