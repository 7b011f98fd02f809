package vet

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// workdir is the directory the command was told to work in. It is asked for
// after -C has taken effect.
var workdir = sync.OnceValue(func() string {
	dir, err := os.Getwd()
	if err != nil {
		return "" // files stay absolute
	}
	return dir
})

// complaints reads what the go command prints beside the trees: messages of
// its own, and, under a line "# package", those of the compiler and of the
// analyzers' process. There is one problem for each package, the first.
func complaints(lines []string) []finding.Problem {
	var list []finding.Problem
	var section []string
	pkg := ""
	flush := func() {
		if pkg == "" {
			list = append(list, messages(section)...)
		} else if p, ok := packageProblem(pkg, section); ok {
			list = append(list, p)
		}
		section = nil
	}
	for _, line := range lines {
		name, isHeader := strings.CutPrefix(line, "# ")
		switch {
		case isHeader && strings.HasPrefix(name, "["):
			// the same package with its tests
		case isHeader:
			flush()
			pkg, _, _ = strings.Cut(name, " ")
		default:
			section = append(section, line)
		}
	}
	flush()
	return roots(list)
}

// messages reads the go command's own lines; an indented one continues the one
// before it.
func messages(lines []string) []finding.Problem {
	var list []finding.Problem
	for _, line := range lines {
		if strings.HasPrefix(line, "go: downloading ") || strings.HasPrefix(line, "exit status ") {
			continue
		}
		if n := len(list); n > 0 && strings.HasPrefix(line, "\t") {
			list[n-1].Message += " " + strings.TrimSpace(line)
			continue
		}
		line = strings.TrimPrefix(strings.TrimPrefix(line, "go: "), "warning: ")
		list = append(list, finding.Problem{Message: line})
	}
	if len(list) > 1 && list[len(list)-1].Message == "no packages to vet" {
		list = list[:len(list)-1] // "matched no packages" has been said
	}
	for i := range list {
		list[i].Message = withRemedy(list[i].Message)
	}
	return list
}

// packageProblem sums up the lines under one package's header.
func packageProblem(pkg string, lines []string) (finding.Problem, bool) {
	for _, line := range lines {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return finding.Problem{Package: pkg, Message: internalError(pkg, line)}, true
		}
	}
	lines = slices.DeleteFunc(lines, func(l string) bool {
		return strings.HasPrefix(l, "\t") || strings.HasPrefix(l, "exit status ") || strings.HasSuffix(l, "too many errors")
	})
	if len(lines) == 0 {
		return finding.Problem{}, false
	}
	first := strings.TrimPrefix(lines[0], "vet: ")
	if at, _, ok := strings.Cut(first, ": "); !ok || position(at).Line == 0 {
		return finding.Problem{Package: pkg, Message: fmt.Sprintf("package %s: %s", pkg, first)}, true
	}
	more := ""
	if n := len(lines) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more)", n)
	}
	text := fmt.Sprintf("package %s does not compile: %s%s; neither it nor what imports it was checked", pkg, first, more)
	return finding.Problem{Package: pkg, Message: text}, true
}

func internalError(pkg, cause string) string {
	return fmt.Sprintf("internal error in package %s: %s; please report it at https://github.com/concurlint/concurlint/issues", pkg, cause)
}

// roots drops what only follows from another problem: a package whose import
// could not be analyzed.
func roots(list []finding.Problem) []finding.Problem {
	kept := slices.DeleteFunc(slices.Clone(list), func(p finding.Problem) bool {
		return strings.Contains(p.Message, "could not import ") && strings.Contains(p.Message, "no package vetx file")
	})
	if len(kept) == 0 {
		return list
	}
	return kept
}

// rootFailures keeps one failed analyzer a package, the one that others failed for.
func rootFailures(list []finding.Problem) []finding.Problem {
	slices.SortFunc(list, func(a, b finding.Problem) int { return strings.Compare(a.Message, b.Message) })
	seen := make(map[string]bool)
	var kept []finding.Problem
	for _, follows := range []bool{false, true} {
		for _, p := range list {
			if strings.Contains(p.Message, "failed prerequisites") != follows || seen[p.Package] {
				continue
			}
			seen[p.Package] = true
			kept = append(kept, finding.Problem{Package: p.Package, Message: internalError(p.Package, p.Message)})
		}
	}
	return kept
}

// remedies tell what to do where the go command only says what is wrong.
var remedies = []struct{ symptom, remedy string }{
	{"go.mod file not found", "run concurlint inside a module, or point -C at one"},
	{"does not contain main module", "run concurlint inside a module, or point -C at one"},
	{"build constraints exclude all Go files", "set GOOS, GOARCH or GOFLAGS=-tags=NAME to include them"},
	{"no Go files in", "name a directory with Go files, or ./... for all below"},
	{"import cycle not allowed", "break the cycle"},
	{"directory not found", "check the path"},
	{"no such file or directory", "check the path"},
	{"is not in std", "check the import path; a directory starts with ./"},
	{"matched no packages", "check the pattern"},
	{"no packages to vet", "check the pattern"},
}

// withRemedy completes a message of the go command: paths become relative.
func withRemedy(message string) string {
	message, _, _ = strings.Cut(message, "; see 'go help")
	message = strings.TrimPrefix(message, "stat ")
	if dir := workdir(); dir != "" {
		message = strings.ReplaceAll(message, dir+string(os.PathSeparator), "."+string(os.PathSeparator))
	}
	for _, r := range remedies {
		if strings.Contains(message, r.symptom) && !strings.Contains(message, "; ") {
			return message + "; " + r.remedy
		}
	}
	return message
}

// fromTests reports whether a problem lies in a test file, or in a package that
// only tests need.
func fromTests(ctx context.Context, req Request, list []finding.Problem) bool {
	if slices.ContainsFunc(list, func(p finding.Problem) bool { return strings.Contains(p.Message, "_test.go") }) {
		return true
	}
	deps, err := List(ctx, append([]string{"-deps"}, req.Patterns...)...)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(list, func(p finding.Problem) bool {
		return p.Package != "" && !slices.ContainsFunc(deps, func(d *Package) bool { return d.ImportPath == p.Package })
	})
}
