package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
)

// join gives the labels that people have written for the repository the signals of
// their candidates. Labels without a candidate stay out: the engine has not seen the
// place.
func (m *miner) join(file string) ([]row, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var rows []row
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 7 {
			return nil, fmt.Errorf("%s:%d: want 7 columns, have %d", filepath.Base(file), i+1, len(f))
		}
		if f[0] != m.name || f[5] == "missed" {
			continue
		}
		r := row{repository: f[0], commit: f[1], place: f[2] + ":" + f[3], rule: f[4], label: f[5], weight: "1", source: "reading: " + f[6]}
		v, err := m.check(r.commit[:12], r.commit, "./...")
		if err != nil {
			return nil, err
		}
		c := v.surest(r)
		if c == nil {
			log.Printf("%s: %s %s is no candidate", r.repository, r.rule, r.place)
			continue
		}
		r.function, r.signals = c.Function, c.names()
		rows = append(rows, r)
	}
	return rows, nil
}

// surest returns the candidate of the row's rule on its line: of several, the one
// that people saw first.
func (v *version) surest(r row) *finding {
	var best *finding
	for i := range v.findings {
		f := &v.findings[i]
		if f.Rule == r.rule && f.place() == r.place && (best == nil || f.Confidence > best.Confidence) {
			best = f
		}
	}
	return best
}
