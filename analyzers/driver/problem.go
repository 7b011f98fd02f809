package driver

import (
	"cmp"
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A Problem is a reason why a package could not be analyzed. It costs the
// package, and those that import it whatever would follow from it. Of one that cgo does not take
// only what C does is not known.
type Problem struct {
	Package string // empty where no package is to blame
	Kind    Kind
	Pos     Position // zero where the message says it, or nothing does
	Message string   // one line
	More    int      // further errors in the package

	follows bool // it may follow from what is broken below the package
}

// A Kind tells problems apart, for those who put them into words.
type Kind int

const (
	Unloadable Kind = iota // the go command does not know what it consists of
	Broken                 // it does not compile
	Failed                 // an analyzer gave up
)

// A loadError is what go list says of a package that it cannot load.
type loadError struct {
	ImportStack []string
	Pos, Err    string
}

// loadProblems returns each reason once, however many packages tell it.
func loadProblems(pkgs []*listed) []Problem {
	var list []Problem
	seen := make(map[string]bool)
	for _, p := range pkgs {
		if e := p.Error; e != nil && !seen[e.key()] {
			seen[e.key()] = true
			list = append(list, e.problem(p))
		}
	}
	return list
}

// key is the same for one reason met on different ways.
func (e *loadError) key() string {
	if c := e.cycle(); c != nil {
		c = slices.Clone(c[1:])
		slices.Sort(c)
		return strings.Join(c, " ")
	}
	return e.Pos + " " + e.culprit() + " " + e.Err
}

func (e *loadError) culprit() string {
	if len(e.ImportStack) == 0 {
		return ""
	}
	return e.ImportStack[len(e.ImportStack)-1]
}

// cycle returns the part of the import stack that is an import cycle, or nil.
func (e *loadError) cycle() []string {
	first := slices.Index(e.ImportStack, e.culprit())
	if first < 0 || first == len(e.ImportStack)-1 {
		return nil
	}
	return e.ImportStack[first:]
}

// oneLine joins the lines, without those that only say which package a tool
// was at.
func oneLine(text string) string {
	var words []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "# ") {
			words = append(words, strings.Fields(line)...)
		}
	}
	return strings.Join(words, " ")
}

func (e *loadError) problem(p *listed) Problem {
	culprit := cmp.Or(e.culprit(), p.ImportPath)
	text := oneLine(e.Err)
	cycle := e.cycle()
	switch {
	case cycle != nil:
		text += ": " + strings.Join(cycle, " imports ")
	case e.Pos != "":
		text = e.Pos + ": " + text
	case p.Dir != "" && !strings.Contains(text, culprit):
		text = "package " + culprit + ": " + text
	}
	if p.Dir == "" && !p.DepOnly {
		culprit = "" // a pattern, not a package
	}
	return Problem{Package: culprit, Message: text}
}

// brokenBy is the problem of a package with these errors of the parser or of
// the type checker.
func brokenBy(fset *token.FileSet, n *node, errs []error) *Problem {
	p := &Problem{Package: n.path(), Kind: Broken, Message: errs[0].Error(), More: len(errs) - 1}
	switch e := errs[0].(type) {
	case types.Error:
		p.Pos, p.Message, p.follows = position(fset, e.Pos), e.Msg, true
	case *scanner.Error:
		p.Pos, p.Message = Position{File: e.Pos.Filename, Line: e.Pos.Line, Column: e.Pos.Column}, e.Msg
	}
	p.Message, _, _ = strings.Cut(p.Message, "\n")
	return p
}

// needingProblem is that of the packages that do not compile without what is broken below
// them.
func needingProblem(packages []string) Problem {
	packages = slices.Compact(slices.Sorted(slices.Values(packages)))
	return Problem{Package: packages[0], Message: "not checked, for want of what does not compile: " + strings.Join(packages, ", ")}
}

func position(fset *token.FileSet, pos token.Pos) Position {
	p := fset.Position(pos)
	return Position{File: p.Filename, Line: p.Line, Column: p.Column}
}

// failedBy is the problem of a package that an analyzer gave up on.
func failedBy(n *node, err error) *Problem {
	return &Problem{Package: n.path(), Kind: Failed, Message: fmt.Sprint(err)}
}
