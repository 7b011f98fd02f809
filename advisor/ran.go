package advisor

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// leastRan is the share of a site's computing from which an executor is named.
const leastRan = 0.01

// ranOn says which share of the site's computing was on which executor of package
// executor, "" if none was. The labels of the goroutines tell; the site's own
// executor is what its code says.
func (s *siteWeight) ranOn() string {
	order := slices.SortedFunc(maps.Keys(s.ran), func(a, b profile.Executor) int {
		return cmp.Or(cmp.Compare(s.ran[b], s.ran[a]), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Stage, b.Stage))
	})
	var parts []string
	elsewhere := s.tasks.cpu
	for _, e := range order {
		elsewhere -= s.ran[e]
		share := ratio(s.ran[e], s.tasks.cpu)
		if share < leastRan {
			continue
		}
		name := e.Kind
		if e.Stage != "" && e.Stage != e.Kind {
			name += " of " + e.Stage
		}
		parts = append(parts, fmt.Sprintf("%s on executor %s", percent(share), name))
	}
	if len(parts) == 0 {
		return ""
	}
	if share := ratio(elsewhere, s.tasks.cpu); share >= leastRan {
		parts = append(parts, percent(share)+" on none")
	}
	return "of its computing, " + strings.Join(parts, ", ")
}
