package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// explain prints the page of a rule, or what is known of one function.
func explain(ctx context.Context, opts *options, stdout, stderr io.Writer) (int, error) {
	if len(opts.args) != 1 {
		return 0, errors.New("concurlint explain takes one argument, a rule or PKG.FUNC; for example: concurlint explain net/http.Client.Do")
	}
	arg := opts.args[0]
	if r := findRule(arg); r != nil {
		explainRule(stdout, r)
		return exitClean, nil
	}
	if !strings.Contains(arg, ".") {
		if own := namesHere(ctx); !slices.Contains(own, arg) {
			return 0, fmt.Errorf("no rule %q%s; concurlint rules lists them, and a function is named PKG.FUNC, or FUNC in the package here", arg, didYouMean(arg, append(own, ruleNames()...)))
		}
	}
	pkg, name, err := locate(ctx, arg)
	if err != nil {
		return 0, err
	}
	if pkg.Standard {
		return exitClean, explainStandard(opts.base, stdout, pkg, name)
	}
	if e := opts.base.Effect(symbol(pkg.ImportPath, name)); e != nil {
		fmt.Fprintf(stdout, "%s.%s, described in concurlint's knowledge\n", pkg.ImportPath, name)
		writeKnown(stdout, e)
		return exitClean, nil
	}

	list, failed, err := classified(ctx, opts, stderr, []string{pkg.ImportPath})
	if err != nil {
		return 0, err
	}
	var names []string
	for _, f := range list {
		if plain(f.Function.Function) == name {
			writeSummary(stdout, f)
			return exitClean, nil
		}
		names = append(names, plain(f.Function.Function))
	}
	if len(failed) > 0 {
		return 0, failed
	}
	return 0, noFunction(pkg.ImportPath, name, names)
}

// namesHere returns the functions of the package in the working directory, none
// where there is no package.
func namesHere(ctx context.Context) []string {
	pkg, err := here(ctx)
	if err != nil {
		return nil
	}
	return pkg.declared()
}

func noFunction(pkg, name string, names []string) error {
	return fmt.Errorf("no function %s in package %s%s; concurlint classify %s lists them", name, pkg, didYouMean(name, names), pkg)
}

// explainStandard prints what package knowledge says: bodies of the standard
// library are never looked at.
func explainStandard(base *knowledge.Base, w io.Writer, pkg *source, name string) error {
	names, err := pkg.functions()
	if err != nil {
		return err
	}
	found := false
	for _, n := range names {
		found = found || n == name
	}
	if !found {
		return noFunction(pkg.ImportPath, name, names)
	}
	fmt.Fprintf(w, "%s.%s, standard library\n", pkg.ImportPath, name)
	writeKnown(w, base.Effect(symbol(pkg.ImportPath, name)))
	return nil
}

// symbol makes a symbol of a plain name.
func symbol(path, name string) knowledge.Symbol {
	if typ, method, ok := strings.Cut(name, "."); ok {
		return knowledge.Symbol{Path: path, Type: typ, Name: method}
	}
	return knowledge.Symbol{Path: path, Name: name}
}

// plain turns (*T).Name and (T).Name into T.Name, which people type.
func plain(name string) string {
	return strings.NewReplacer("(", "", ")", "", "*", "").Replace(name)
}

// writeKnown writes a line of knowledge in words.
func writeKnown(w io.Writer, e *knowledge.Effect) {
	lines := known(e)
	if len(lines) == 0 {
		lines = []string{"nothing that counts: it neither waits nor computes for long"}
	}
	for _, l := range lines {
		fmt.Fprintf(w, "  %s\n", l)
	}
}

func known(e *knowledge.Effect) []string {
	if e == nil {
		return nil
	}
	var lines []string
	for _, k := range e.Kinds {
		lines = append(lines, k+", "+knownCertainty(e)+", "+knownBound(e))
	}
	if e.CPU != "" {
		lines = append(lines, "cpu, "+e.CPU)
	}
	if e.Cost != "" {
		lines = append(lines, "costs about "+e.Cost)
	}
	for _, n := range e.IO {
		lines = append(lines, "reads or writes "+argument(n)+": it waits if that does")
	}
	for _, n := range e.Wraps {
		lines = append(lines, "its result reads or writes "+argument(n)+" later")
	}
	for _, c := range e.Calls {
		lines = append(lines, knownCall(c))
	}
	return lines
}

func knownCertainty(e *knowledge.Effect) string {
	switch {
	case e.Rarely:
		return "rarely"
	case e.Usually:
		return "usually"
	}
	return "always"
}

func knownBound(e *knowledge.Effect) string {
	switch {
	case e.Const >= 0:
		return "for as long as " + argument(e.Const) + " says"
	case e.Ctx:
		return "bounded by the context's deadline"
	case e.Deadline:
		return "bounded by a deadline of its own"
	}
	return "unbounded"
}

func knownCall(c knowledge.Call) string {
	text := "calls " + argument(c.Arg)
	if c.Goes {
		text = "runs " + argument(c.Arg) + " on another goroutine"
	}
	switch {
	case c.Each:
		text += ", once per element"
	case c.Maybe:
		text += ", at most once or on error"
	}
	return text
}

// argument names argument n, which counts from 0, as people count.
func argument(n int) string {
	if n == knowledge.Recv {
		return "the receiver"
	}
	return fmt.Sprintf("argument %d", n+1)
}

// writeSummary writes the effects of a function with their witness chains.
func writeSummary(w io.Writer, f function) {
	fmt.Fprintf(w, "%s.%s, %s\n", f.Package, f.Function.Function, place(f))
	fmt.Fprintf(w, "class %s, cpu %s\n", f.Class, f.CPU)
	if len(f.Effects) == 0 {
		fmt.Fprintln(w, "  nothing that counts: it neither waits nor computes for long")
	}
	for _, e := range f.Effects {
		fmt.Fprintf(w, "  %s, %s, %s\n", e.Kind, e.Certainty, e.Bound)
		for _, s := range e.Chain {
			at := ""
			if s.File != "" {
				at = fmt.Sprintf("%s:%d: ", s.File, s.Line)
			}
			fmt.Fprintf(w, "      via %s%s\n", at, s.Message)
		}
	}
}
