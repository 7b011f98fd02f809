package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A sample is a judged candidate.
type sample struct {
	repository, rule string
	place            string
	function         string  // with its package
	label            float64 // see labels
	weight           float64
	source           string
	read             bool // by a person, rather than told by later history
	signals          []string
}

// labels are the shares of maintainers who would change the code.
var labels = map[string]float64{"yes": 1, "arguable": 0.5, "no": 0}

func readSamples(file string) ([]sample, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []sample
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 {
			continue // the heading
		}
		if len(f) != 9 {
			return nil, fmt.Errorf("%s:%d: want 9 columns, have %d", filepath.Base(file), i+1, len(f))
		}
		label, ok := labels[f[5]]
		if !ok {
			return nil, fmt.Errorf("%s:%d: want a label of yes, arguable or no, have %q", filepath.Base(file), i+1, f[5])
		}
		weight, err := strconv.ParseFloat(f[6], 64)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: weight: %v", filepath.Base(file), i+1, err)
		}
		s := sample{
			repository: f[0], rule: f[2], place: f[3], function: filepath.Dir(f[3]) + " " + f[4],
			label: label, weight: weight, source: f[7], read: strings.HasPrefix(f[7], "reading"),
		}
		if f[8] != "" {
			s.signals = strings.Split(f[8], ",")
		}
		list = append(list, s)
	}
	return list, nil
}
