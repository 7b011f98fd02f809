// Fit works out the points of signals from the candidates that maintainers have
// judged, testdata/judged/*.tsv.
//
//	go run ./analyzers/evidence/fit          # print how good the points are
//	go run ./analyzers/evidence/fit -write   # and write them into points.tsv
//	go run ./analyzers/evidence/fit -bounds  # print which case files hold the points
//
// The points of each rule are a logistic regression, with a penalty on the distance
// from the prior of each signal: where there are few labels, the points stay what
// people thought. The case files bind the fit (see cases.go). What is printed is
// judged on repositories that were left out of the fit, one at a time.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/concurlint/concurlint/analyzers/evidence"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("fit: ")
	table := flag.String("table", "analyzers/evidence/points.tsv", "`file` with the points")
	judged := flag.String("judged", "testdata/judged", "`directory` with the judged candidates")
	mistakes := flag.Int("mistakes", 0, "print the `N` candidates of each rule that are told worst")
	bounds := flag.Bool("bounds", false, "print the case files that hold the points away from the labels, and nothing else")
	write := flag.Bool("write", false, "write the points into the table")
	flag.Parse()
	rows, samples, err := load(*table, *judged)
	if err != nil {
		log.Fatal(err)
	}
	models, err := models(rows, samples, filepath.Join(*judged, "cases", "cases.tsv"))
	if err != nil {
		log.Fatal(err)
	}
	if *bounds {
		printBounds(os.Stdout, models)
		return
	}
	print(models, samples)
	for _, m := range models {
		m.mistakes(*mistakes)
	}
	if *write {
		if err := os.WriteFile(*table, []byte(tsv(fitted(rows, models))), 0o666); err != nil {
			log.Fatal(err)
		}
	}
}

func load(table, judged string) ([]evidence.Row, []sample, error) {
	text, err := os.ReadFile(table)
	if err != nil {
		return nil, nil, err
	}
	rows, err := evidence.Rows(string(text))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %v", table, err)
	}
	files, err := filepath.Glob(filepath.Join(judged, "*.tsv"))
	if err != nil {
		return nil, nil, err
	}
	var samples []sample
	for _, name := range files {
		list, err := readSamples(name)
		if err != nil {
			return nil, nil, err
		}
		samples = append(samples, list...)
	}
	return rows, samples, nil
}

// models returns one of each rule, in the order of the table, bound by the cases.
func models(rows []evidence.Row, samples []sample, cases string) ([]*model, error) {
	var list []*model
	for _, r := range rows {
		rule := evidence.Rule(r.Name)
		if i := slices.IndexFunc(list, func(m *model) bool { return m.rule == rule }); i < 0 {
			list = append(list, newModel(rule, rows, samples))
		}
	}
	return list, readCases(cases, list)
}

// fitted returns the table with the points of the models.
func fitted(rows []evidence.Row, models []*model) []evidence.Row {
	out := slices.Clone(rows)
	for _, m := range models {
		w := m.fit(m.samples, -1)
		for i := range out {
			if j := slices.Index(m.names, out[i].Name); j >= 0 {
				out[i].Points = points(w[j])
			}
		}
	}
	return out
}

func tsv(rows []evidence.Row) string {
	var b strings.Builder
	b.WriteString("signal\tprior\tpoints\tsays\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "%s\t%d\t%d\t%s\n", r.Name, r.Prior, r.Points, r.Says)
	}
	return b.String()
}

// print shows how good the points are for repositories that they have not seen.
func print(models []*model, samples []sample) {
	repositories := make(map[string]bool)
	for _, s := range samples {
		repositories[s.repository] = true
	}
	fmt.Printf("%d candidates of %d repositories\n\n", len(samples), len(repositories))
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "rule\t"+qualityHeading)
	var all []guess
	for _, m := range models {
		if len(m.samples) == 0 {
			continue
		}
		guesses := m.cross(-1)
		all = append(all, guesses...)
		fmt.Fprintln(w, m.rule+"\t"+quality(guesses))
	}
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(w, "all\t"+quality(all))
	if read := slices.DeleteFunc(slices.Clone(all), func(g guess) bool { return !g.read }); len(read) > 0 {
		fmt.Fprintln(w, "read\t"+quality(read)) // the others are labelled by what became of them
	}
	w.Flush()
	fmt.Println("\nconfidence  candidates  share of yes (weighted)")
	for i, t := range tenths(all) {
		if t.n > 0 {
			fmt.Printf("%.1f to %.1f  %10d  %.0f %%, told %.0f %%\n", float64(i)/10, float64(i+1)/10, t.n, 100*t.yes/t.weight, 100*t.told/t.weight)
		}
	}
	fmt.Println()
	fmt.Fprintln(w, "signal\thits\tyes\tpoints\tprior\tlog-loss without it")
	for _, m := range models {
		if len(m.samples) > 0 {
			m.worth(w)
		}
	}
	w.Flush()
}
