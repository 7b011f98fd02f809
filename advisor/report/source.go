package report

import (
	"bufio"
	"cmp"
	"io/fs"
	"maps"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// An Excerpt is the part of a function that its weights lie in.
type Excerpt struct {
	Package  string
	Function string
	File     string
	Line     int // of the keyword func
	CPU      float64
	Wait     float64
	Lines    []Line
}

// A Line of source with its weight in seconds. Number 0 stands for lines that
// are left out.
type Line struct {
	Number int
	Text   string
	CPU    float64
	Wait   float64
	Kind   string // of most of Wait
	Heat   int    // 0 to 9, share of the hottest line of the report
}

const (
	maxExcerpts = 40  // functions are ranked; the rest is below what is worth reading
	around      = 2   // lines of context around each line with weight
	maxLine     = 300 // longer lines are data
	maxFile     = 8 << 20
)

// Excerpts reads the lines that the functions of r spend their time at from
// tree, the directory that the report's paths are relative to. Files that are
// not there, or that have changed so far that the lines are beyond their end,
// are left out: a page without an excerpt is still a page.
func Excerpts(tree fs.FS, r *advisor.Report) []Excerpt {
	heaviest := slices.DeleteFunc(heaviestFirst(r.Classes), func(m advisor.Measured) bool { return len(m.Lines) == 0 })
	var list []Excerpt
	files := make(map[string][]string)
	hottest := 0.0
	for _, m := range heaviest[:min(maxExcerpts, len(heaviest))] {
		text, ok := files[m.File]
		if !ok {
			text = readLines(tree, m.File)
			files[m.File] = text
		}
		x := Excerpt{Package: m.Package, Function: m.Function, File: m.File, Line: m.Line, CPU: m.CPU, Wait: total(m.Wait)}
		if x.Lines = excerpt(text, m); len(x.Lines) == 0 {
			continue
		}
		for _, l := range x.Lines {
			hottest = max(hottest, l.CPU+l.Wait)
		}
		list = append(list, x)
	}
	for _, x := range list {
		for i := range x.Lines {
			l := &x.Lines[i]
			l.Heat = heat((l.CPU + l.Wait) / hottest)
		}
	}
	return list
}

// heaviestFirst sorts functions by computing and waiting together.
func heaviestFirst(classes []advisor.Measured) []advisor.Measured {
	sorted := slices.Clone(classes)
	slices.SortStableFunc(sorted, func(a, b advisor.Measured) int {
		return cmp.Compare(b.CPU+total(b.Wait), a.CPU+total(a.Wait))
	})
	return sorted
}

// heat grows with the square root: lines of a few per cent have to differ from
// those of nothing.
func heat(share float64) int {
	if !(share > 0) {
		return 0
	}
	return min(1+int(8*math.Sqrt(share)), 9)
}

func excerpt(text []string, m advisor.Measured) []Line {
	var lines []Line
	show := map[int]bool{m.Line: true}
	for n := range m.Lines {
		for i := max(n-around, m.Line); i <= n+around; i++ {
			show[i] = true
		}
	}
	for n := range maps.Clone(show) {
		show[n+1] = show[n+1] || show[n+2] // the mark of a gap would take the same line
	}
	last := 0
	for _, n := range slices.Sorted(maps.Keys(show)) {
		if !show[n] {
			continue
		}
		if n < 1 || n > len(text) {
			continue
		}
		if last > 0 && n > last+1 {
			lines = append(lines, Line{})
		}
		last = n
		w := m.Lines[n]
		lines = append(lines, Line{Number: n, Text: text[n-1], CPU: w.CPU, Wait: total(w.Wait), Kind: mostKind(w.Wait)})
	}
	return lines
}

// readLines reads a file of the tree, nil if that cannot be done. fs.ValidPath
// keeps a name such as ../../secret from leaving the tree.
func readLines(tree fs.FS, name string) []string {
	name = path.Clean(name)
	info, err := fs.Stat(tree, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil
	}
	f, err := tree.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	var lines []string
	s := bufio.NewScanner(f)
	s.Buffer(nil, maxFile)
	for s.Scan() {
		text := strings.ReplaceAll(strings.TrimRight(s.Text(), "\r"), "\t", "    ")
		if len(text) > maxLine {
			text = strings.ToValidUTF8(text[:maxLine], "") + "…"
		}
		lines = append(lines, text)
	}
	return lines
}

// total is what is waited for, idle waits left out.
func total(waits map[string]float64) (sum float64) {
	for _, k := range slices.Sorted(maps.Keys(waits)) { // in order, so that sums are the same each time
		if k != "idle" {
			sum += waits[k]
		}
	}
	return sum
}

func mostKind(waits map[string]float64) string {
	most := ""
	for _, k := range slices.Sorted(maps.Keys(waits)) {
		if k != "idle" && (most == "" || waits[k] > waits[most]) {
			most = k
		}
	}
	return most
}
