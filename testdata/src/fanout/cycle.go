package fanout

import "strings"

// A page is drawn a screen at a time: how many rows are left depends on how many
// lines the entry has, and the entry is cut to the rows that are left.
type pager struct {
	entries []string
	rows    int
	skipped int
}

func (p *pager) draw(show func(string)) {
	left, at, skip := p.rows, 0, p.skipped
	for left > 0 && at < len(p.entries) {
		lines := strings.Split(p.entries[at], "\n")
		if skip > 0 && skip < len(lines) {
			lines = lines[skip:]
		} else if skip >= len(lines) {
			blank := skip - len(lines)
			if blank < left {
				for i := 0; i < blank; i++ {
					show("")
				}
				left -= blank
			}
			at++
			skip = 0
			continue
		}
		if len(lines) > left {
			lines = lines[:left]
		}
		for _, l := range lines {
			show(l)
		}
		left -= len(lines)
		at++
		skip = 0
	}
}
