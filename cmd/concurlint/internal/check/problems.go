package check

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/concurlint/concurlint/analyzers/driver"
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

// worded puts a problem of the driver into words.
func worded(p driver.Problem) finding.Problem {
	out := finding.Problem{Package: p.Package}
	text := p.Message
	if p.Pos.Line > 0 {
		text = fmt.Sprintf("%s:%d:%d: %s", Relative(p.Pos.File), p.Pos.Line, p.Pos.Column, text)
	}
	switch p.Kind {
	case driver.Broken:
		if p.More > 0 {
			text += fmt.Sprintf(" (and %d more)", p.More)
		}
		out.Message = fmt.Sprintf("package %s does not compile: %s; it was not checked, and findings may be missing where it is imported", p.Package, text)
	case driver.Failed:
		out.Message = internalError(p.Package, text)
	default:
		out.Message = withRemedy(text)
	}
	return out
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

func internalError(pkg, cause string) string {
	return fmt.Sprintf("internal error in package %s: %s; please report it at https://github.com/concurlint/concurlint/issues", pkg, cause)
}

// Relative returns the file relative to the working directory, with slashes.
// Far away, as in the module cache, the absolute name is the shorter and better
// one.
func Relative(file string) string {
	if !filepath.IsAbs(file) {
		return filepath.ToSlash(file)
	}
	rel, err := filepath.Rel(workdir(), file)
	if err == nil && (len(rel) < len(file) || filepath.IsLocal(rel)) {
		file = rel
	}
	return filepath.ToSlash(file)
}

// remedies tell what to do where the go command only says what is wrong.
var remedies = []struct{ symptom, remedy string }{
	{"go.mod file not found", "run concurlint inside a module, or point -C at one"},
	{"does not contain main module", "run concurlint inside a module, or point -C at one"},
	{"build constraints exclude all Go files", "set GOOS, GOARCH or GOFLAGS=-tags=NAME to include them"},
	{"no Go files in", "name a directory with Go files, or ./... for all below"},
	{"import cycle not allowed", "break the cycle"},
	{"module lookup disabled by GOPROXY=off", "run go mod download where there is a network"},
	{"C compiler", "install it, or set CGO_ENABLED=0"},
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
