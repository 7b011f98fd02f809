package advisor

import (
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/concurlint/concurlint/advisor/profile"
)

// leastAgreed is how many different functions have to agree before a module is
// taken for this one under another path: New and String are everywhere.
const leastAgreed = 3

// major is the suffix of a major version in a module path.
var major = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(/v[0-9]+|\.v[0-9]+)$`) })

// version is what follows a module's path in packages of another major version.
var version = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^/v[0-9]+(/|$)`) })

// renamed is the path under which the recordings know the main module, if that
// is not its path in the source: a fork, or another major version. Of the paths
// under which packages end like the module's and declare the same functions,
// the one that explains most weight is taken.
func (j *join) renamed(ev *profile.Evidence) string {
	module := j.ix.lint.Module.Path
	candidates := make([][]string, len(ev.Frames)) // by frame
	agreed := map[string]map[string]bool{}
	rels := j.relative()
	memo := map[string][]string{}
	for i, f := range ev.Frames {
		n := j.names[f.Func]
		if n.Package == "" || n.Package == "main" {
			continue
		}
		if j.ix.pkgs[n.Package] || below(n.Package, module) && !version().MatchString(n.Package[len(module):]) {
			return ""
		}
		list, ok := memo[f.Func]
		if !ok {
			list = j.prefixes(n, rels)
			memo[f.Func] = list
		}
		candidates[i] = list
		for _, p := range list {
			if agreed[p] == nil {
				agreed[p] = map[string]bool{}
			}
			agreed[p][f.Func] = true
		}
	}
	weight := map[string]float64{}
	for _, src := range ev.Sources {
		for i := range src.Stacks {
			seen := map[string]bool{}
			for _, id := range src.Stacks[i].Frames {
				for _, p := range candidates[id] {
					if !seen[p] {
						seen[p] = true
						weight[p] += total(&src.Stacks[i].Weights)
					}
				}
			}
		}
	}
	best := ""
	for p, w := range weight {
		if len(agreed[p]) < leastAgreed && major().ReplaceAllString(p, "") != major().ReplaceAllString(module, "") {
			continue
		}
		if best == "" || w > weight[best] || w == weight[best] && (len(p) > len(best) || len(p) == len(best) && p < best) {
			best = p
		}
	}
	return best
}

// relative are the packages by their path below the module.
func (j *join) relative() map[string]bool {
	rels := map[string]bool{}
	for pkg := range j.ix.pkgs {
		if below(pkg, j.ix.lint.Module.Path) {
			rels[strings.TrimPrefix(pkg[len(j.ix.lint.Module.Path):], "/")] = true
		}
	}
	return rels
}

// prefixes are the module paths under which the function would be one of ours.
func (j *join) prefixes(n profile.Name, rels map[string]bool) []string {
	var list []string
	module := j.ix.lint.Module.Path
	for prefix, rel := n.Package, ""; prefix != "." && prefix != "/"; {
		// A path without a dot is the standard library's, unless it ends like ours.
		plausible := strings.Contains(prefix, ".") || path.Base(prefix) == path.Base(major().ReplaceAllString(module, ""))
		if plausible && rels[rel] {
			for _, d := range n.Declared() {
				if j.ix.symbol(strings.TrimSuffix(module+"/"+rel, "/"), d) >= 0 {
					list = append(list, prefix)
					break
				}
			}
		}
		rel = strings.TrimSuffix(path.Base(prefix)+"/"+rel, "/")
		prefix = path.Dir(prefix)
	}
	return list
}

// total is the weight of a stack in the unit of its recording.
func total(w *profile.Weights) float64 {
	sum := max(w.CPU, w.Running) + w.Runnable.Time
	for k, wait := range w.Waits {
		// Idle time would drown the rest: a thousand parked workers are a
		// thousand seconds a second.
		if profile.Kind(k) != profile.Idle {
			sum += wait.Time
		}
	}
	if sum == 0 {
		return float64(max(int64(w.Held.Time), w.Goroutines, w.InUse, w.Bytes))
	}
	return float64(sum)
}
