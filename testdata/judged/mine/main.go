// Mine labels the candidates of a repository by its later history.
//
//	go run ./testdata/judged/mine -git DIR -name OWNER/NAME -work DIR > testdata/judged/OWNER+NAME.tsv
//
// It runs concurlint on a commit of thirty months ago and on the newest one, with
// every candidate shown, and compares. A candidate that is gone although its
// function and the work are still there was changed by a maintainer: a yes, with
// the commit that made it go. One that is still there in a function that was worked
// on otherwise is a no, but a weak one: nobody may have looked. Nothing is said of
// functions that were not touched, deleted or moved, nor where the candidate is gone
// and the code does not show why.
//
//	go run ./testdata/judged/mine -refresh -git DIR -work DIR FILE.tsv
//
// runs concurlint anew on the old commit and writes the signals that hit now.
//
//	go run ./testdata/judged/mine -reading LABELS.tsv -git DIR -name OWNER/NAME -work DIR > …
//
// takes the labels from people instead: a row has repository, commit, file, line, rule,
// label (yes, no, arguable) and a sentence that says why.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// weakNo is the weight of a candidate that survived beside other work.
const weakNo = "0.25"

func main() {
	log.SetFlags(0)
	log.SetPrefix("mine: ")
	m := &miner{}
	flag.StringVar(&m.git, "git", "", "git `directory` of the repository, with its history")
	flag.StringVar(&m.name, "name", "", "`owner/name` of the repository")
	flag.StringVar(&m.work, "work", os.TempDir(), "`directory` for trees and what concurlint found, which are kept")
	flag.StringVar(&m.tool, "concurlint", "concurlint", "the `command`")
	flag.IntVar(&m.months, "months", 30, "how long ago the old commit is")
	reading := flag.String("reading", "", "`file` of labels")
	refresh := flag.Bool("refresh", false, "write the rows of the named file with the signals that hit now")
	flag.Parse()
	if m.git == "" || *refresh != (flag.NArg() == 1) || !*refresh && m.name == "" {
		flag.Usage()
		os.Exit(2)
	}
	var err error
	if m.work, err = filepath.Abs(m.work); err != nil {
		log.Fatal(err)
	}
	rows, err := m.run(*refresh, *reading)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(heading)
	for _, r := range rows {
		fmt.Println(r)
	}
}

const heading = "repository\tcommit\trule\tplace\tfunction\tlabel\tweight\tsource\tsignals"

// A row is a judged candidate.
type row struct {
	repository, commit, rule string
	place                    string // file:line, at the commit
	function                 string
	label, weight            string
	source                   string // "history" and the commit, "reading", "realbugs"
	signals                  string
}

func (r row) String() string {
	return strings.Join([]string{r.repository, r.commit, r.rule, r.place, r.function, r.label, r.weight, r.source, r.signals}, "\t")
}

// A miner compares two commits of one repository.
type miner struct {
	git, name, work, tool string
	months                int
}

func (m *miner) run(refresh bool, reading string) ([]row, error) {
	switch {
	case refresh:
		return m.refresh(flag.Arg(0))
	case reading != "":
		return m.join(reading)
	}
	newest, old, err := m.commits()
	if err != nil {
		return nil, err
	}
	before, err := m.check("old", old, "./...")
	if err != nil {
		return nil, err
	}
	after, err := m.check("new", newest, "./...")
	if err != nil {
		return nil, err
	}
	return m.judge(before, after)
}

// refresh reads a file of rows and replaces their signals by those that the
// candidate has now. Rows whose candidate is gone stay out.
func (m *miner) refresh(file string) ([]row, error) {
	rows, err := read(file)
	if err != nil {
		return nil, err
	}
	packages := make(map[string][]string) // that the rows of a commit are in
	for _, r := range rows {
		dir := "./" + path.Dir(r.place)
		if !slices.Contains(packages[r.commit], dir) {
			packages[r.commit] = append(packages[r.commit], dir)
		}
	}
	var list []row
	for _, r := range rows {
		if len(r.commit) < 12 {
			log.Printf("%s: %s names no commit", r.repository, r.place)
			continue
		}
		m.name = r.repository
		v, err := m.check(r.commit[:12], r.commit, packages[r.commit]...)
		if err != nil {
			log.Print(err)
			continue
		}
		f := v.nearest(r)
		if f == nil {
			log.Printf("%s: %s %s is no candidate any more", r.repository, r.rule, r.place)
			continue
		}
		r.place, r.signals = f.place(), f.names()
		list = append(list, r)
	}
	return list, nil
}

// nearest returns the candidate of the row's rule in its function that stands
// nearest to its place.
func (v *version) nearest(r row) *finding {
	file, at, _ := strings.Cut(r.place, ":")
	line, _ := strconv.Atoi(at)
	var best *finding
	for i := range v.findings {
		f := &v.findings[i]
		if f.Rule != r.rule || f.File != file || f.Function != r.function {
			continue
		}
		if best == nil || max(f.Line-line, line-f.Line) < max(best.Line-line, line-best.Line) {
			best = f
		}
	}
	return best
}

func read(file string) ([]row, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []row
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		f := strings.Split(line, "\t")
		if len(f) == 8 {
			f = append(f, "") // no signals
		}
		if len(f) != 9 {
			return nil, fmt.Errorf("%s:%d: want 9 columns, have %d", filepath.Base(file), i+1, len(f))
		}
		if i > 0 {
			list = append(list, row{f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8]})
		}
	}
	return list, nil
}
