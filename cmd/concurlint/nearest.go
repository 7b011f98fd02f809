package main

import (
	"slices"
	"strings"
)

// didYouMean returns " (did you mean x or y?)" with the names nearest to name,
// or "" where none is near.
func didYouMean(name string, names []string) string {
	limit := 1 + len(name)/5
	var near []string
	for _, n := range names {
		d := distance(strings.ToLower(name), strings.ToLower(n))
		if d < limit {
			limit, near = d, nil
		}
		if d == limit && !slices.Contains(near, n) {
			near = append(near, n)
		}
	}
	if len(near) == 0 {
		return ""
	}
	slices.Sort(near)
	return " (did you mean " + strings.Join(near[:min(len(near), 3)], " or ") + "?)"
}

// distance is the number of letters to insert, drop or change to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
