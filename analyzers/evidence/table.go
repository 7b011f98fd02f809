package evidence

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// pointsTSV holds a signal a line: its name, the points that people gave it before
// the fit, the points that count, and what it says. RULE.base is what a candidate of
// the rule has to begin with.
//
//go:embed points.tsv
var pointsTSV string

const baseSuffix = ".base"

// The table is read when it is first asked: most packages have no candidate.
var (
	rows  = sync.OnceValue(func() []Signal { return mustParse(pointsTSV) })
	table = sync.OnceValue(func() map[string]Signal { return byName(rows()) })
)

// A Row is a line of the table.
type Row struct {
	Signal
	Prior int // points before the fit
}

// Rows reads a table of points.
func Rows(text string) ([]Row, error) {
	var list []Row
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if i == 0 {
			continue // the heading
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("line %d: want signal, prior, points, says; have %d columns", i+1, len(f))
		}
		prior, err := strconv.Atoi(f[1])
		if err != nil {
			return nil, fmt.Errorf("line %d: prior: %v", i+1, err)
		}
		points, err := strconv.Atoi(f[2])
		if err != nil {
			return nil, fmt.Errorf("line %d: points: %v", i+1, err)
		}
		list = append(list, Row{Signal{Name: f[0], Says: f[3], Points: points}, prior})
	}
	return list, nil
}

func mustParse(text string) []Signal {
	rows, err := Rows(text)
	if err != nil {
		panic("points.tsv: " + err.Error()) // a test reads it
	}
	list := make([]Signal, len(rows))
	for i, r := range rows {
		list[i] = r.Signal
	}
	return list
}

func byName(list []Signal) map[string]Signal {
	m := make(map[string]Signal, len(list))
	for _, s := range list {
		m[s.Name] = s
	}
	return m
}

func base(rule string) int {
	s, ok := table()[rule+baseSuffix]
	if !ok {
		panic("evidence: no rule " + rule)
	}
	return s.Points
}
