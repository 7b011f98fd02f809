package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// A scoreboard is the table that the suite prints: a line for each case and
// setting, then the totals.
type scoreboard struct {
	rows  strings.Builder
	right map[string]int // by setting and aspect
	all   map[string]int
	order []string // settings
}

func (s *scoreboard) add(set, name string, v verdicts) {
	if s.all == nil {
		s.right, s.all = make(map[string]int), make(map[string]int)
	}
	if len(s.order) == 0 || s.order[len(s.order)-1] != set {
		s.order = append(s.order, set)
	}
	fmt.Fprintf(&s.rows, "%s\t%s", set, name)
	for _, aspect := range aspects {
		ok := 0
		for _, o := range v[aspect] {
			if o.right {
				ok++
			}
		}
		s.right[set+aspect] += ok
		s.all[set+aspect] += len(v[aspect])
		fmt.Fprintf(&s.rows, "\t%s", score(ok, len(v[aspect])))
	}
	s.rows.WriteString("\n")
}

func score(right, all int) string {
	switch {
	case all == 0:
		return ""
	case right == all:
		return "ok"
	}
	return fmt.Sprintf("%d/%d", right, all)
}

func (s *scoreboard) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "recorded\tcase\t%s\n", strings.Join(aspects, "\t"))
	fmt.Fprint(w, s.rows.String())
	for _, set := range s.order {
		fmt.Fprintf(w, "%s\ttotal", set)
		for _, aspect := range aspects {
			fmt.Fprintf(w, "\t%d/%d", s.right[set+aspect], s.all[set+aspect])
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	return b.String()
}

// failed tells whether anything is wrong that has to be right: everything, but
// one class in twenty.
func (s *scoreboard) failed() bool {
	for _, set := range s.order {
		for _, aspect := range aspects {
			least := s.all[set+aspect]
			if aspect == "class" {
				least = (least*95 + 99) / 100
			}
			if s.right[set+aspect] < least {
				return true
			}
		}
	}
	return false
}
