package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"example.com/truth/cases"
)

// A mark is what a comment says of a function, a hand-over or a finding. See
// package cases for its words.
type mark struct {
	file     string
	line     int
	function string // declared function around it
	what     string
	words    []string
	in       string // the case that runs it, "" if only a meter tells
}

func (m mark) at() string { return fmt.Sprintf("%s:%d", m.file, m.line) }

func (m mark) place() place { return place{m.file, m.line} }

// says tells whether a word is one of the alternatives of the nth word.
func (m mark) says(n int, word string) bool {
	return m.words[n] == "-" || slices.Contains(strings.Split(m.words[n], "|"), word)
}

var truthComment = regexp.MustCompile(`^// truth: (.*)`)

// The number of words that follow each kind of mark.
var markWords = map[string]int{"task": 2, "idle": 0, "site": 3, "finding": 2}

func readMarks(dirs ...string) ([]mark, error) {
	var marks []mark
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			found, err := marksOf(name)
			if err != nil {
				return nil, err
			}
			marks = append(marks, found...)
		}
	}
	return marks, nil
}

func marksOf(name string) ([]mark, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var marks []mark
	for _, group := range file.Comments {
		for _, c := range group.List {
			match := truthComment.FindStringSubmatch(c.Text)
			if match == nil {
				continue
			}
			function := functionAt(file, c.Pos())
			for text := range strings.SplitSeq(match[1], "; ") {
				m := mark{file: filepath.ToSlash(name), line: fset.Position(c.Pos()).Line, function: function}
				if err := m.parse(text); err != nil {
					return nil, fmt.Errorf("%s: %w", m.at(), err)
				}
				marks = append(marks, m)
			}
		}
	}
	return marks, nil
}

func (m *mark) parse(text string) error {
	text, m.in, _ = strings.Cut(text, " in ")
	words := strings.Fields(text)
	m.what, m.words = words[0], words[1:]
	if n, known := markWords[m.what]; !known || n != len(m.words) {
		return fmt.Errorf("mark %q is not understood", text)
	}
	for name := range cases.All {
		if m.in == "" && name == m.function {
			m.in = name
		}
	}
	return nil
}

// functionAt names the declared function around or below a comment, as the
// linter does.
func functionAt(file *ast.File, pos token.Pos) string {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		start := f.Pos()
		if f.Doc != nil {
			start = f.Doc.Pos()
		}
		if pos < start || pos > f.End() {
			continue
		}
		if f.Recv == nil {
			return f.Name.Name
		}
		if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok {
			return fmt.Sprintf("(*%s).%s", star.X, f.Name.Name)
		}
		return fmt.Sprintf("(%s).%s", f.Recv.List[0].Type, f.Name.Name)
	}
	return ""
}
