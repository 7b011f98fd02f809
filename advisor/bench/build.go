package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir           string
	TestGoFiles, XTestGoFiles []string
	Error                     *struct{ Err string }
}

func (p listed) tests() bool { return len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 }

// Build builds the test binary of each package that has matching benchmarks into
// a directory. Errors name the package and the remedy in one line: a pattern
// that matches no package or no benchmark, a package without tests, one that does
// not compile. The last is no error while another package has what is wanted.
func Build(ctx context.Context, t Target, to string) ([]*Binary, error) {
	built, _, err := build(ctx, t, to)
	return built, err
}

// build also says which packages failed beside those that were built.
func build(ctx context.Context, t Target, to string) (built []*Binary, failed []error, err error) {
	if t.Match == "" {
		return nil, nil, errors.New(`no benchmark is named: want a regular expression as "go test -bench" takes it`)
	}
	top, _, _ := strings.Cut(t.Match, "/")
	if _, err := regexp.Compile(top); err != nil {
		return nil, nil, fmt.Errorf("-bench %s: %v", t.Match, err)
	}
	pkgs, err := list(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	var others []string
	for i, p := range pkgs {
		if !p.tests() {
			continue
		}
		b := &Binary{Package: p.ImportPath, Dir: p.Dir, Match: t.Match, Path: filepath.Join(to, fmt.Sprintf("%d.test", i))}
		all, err := b.make(ctx, t, top)
		switch {
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case err != nil:
			failed = append(failed, err)
		case len(b.Names) > 0:
			built = append(built, b)
		default:
			others = append(others, all...)
		}
	}
	switch {
	case len(built) > 0:
		return built, failed, nil
	case len(failed) > 0:
		return nil, nil, failed[0]
	}
	return nil, nil, missing(t, pkgs, others)
}

// make builds the binary and finds the names that match top; if there are none,
// it returns those of all benchmarks.
func (b *Binary) make(ctx context.Context, t Target, top string) (others []string, err error) {
	t.say("building %s", b.Package)
	if err := b.build(ctx, t); err != nil {
		return nil, err
	}
	if b.Names, err = b.list(ctx, top); err != nil || len(b.Names) > 0 {
		return nil, err
	}
	return b.list(ctx, ".")
}

// missing says why nothing matched.
func missing(t Target, pkgs []listed, others []string) error {
	in := strings.Join(packages(t), " ")
	if !slices.ContainsFunc(pkgs, listed.tests) {
		return fmt.Errorf("%s has no test files: write a benchmark that does the work in question", in)
	}
	if len(others) == 0 {
		return fmt.Errorf("%s has no benchmarks: write one that does the work in question", in)
	}
	const most = 10
	more := ""
	if len(others) > most {
		more = fmt.Sprintf(" and %d more", len(others)-most)
		others = others[:most]
	}
	return fmt.Errorf("no benchmark of %s matches %q; there are %s%s", in, t.Match, strings.Join(others, ", "), more)
}

func packages(t Target) []string {
	if len(t.Packages) == 0 {
		return []string{"."}
	}
	return t.Packages
}

func list(ctx context.Context, t Target) ([]listed, error) {
	args := append([]string{"list", "-e", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles,Error"}, tagFlags(t.Flags)...)
	out, stderr, err := goCommand(ctx, t.Dir, append(append(args, "--"), packages(t)...)...)
	if err != nil {
		return nil, because(err, stderr, "the packages %s cannot be listed", strings.Join(packages(t), " "))
	}
	var pkgs []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("the answer of go list: %v", err)
		}
		if p.Error != nil && !p.tests() {
			why := firstLine(p.Error.Err)
			if strings.HasSuffix(why, ": directory not found") {
				why = "directory not found: check the path"
			}
			return nil, fmt.Errorf("%s: %s", p.ImportPath, why)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) == 0 {
		return nil, fmt.Errorf("no package matches %s: check the path", strings.Join(packages(t), " "))
	}
	return pkgs, nil
}

// tagFlags are the build flags that decide which files a package has.
func tagFlags(flags []string) []string {
	var list []string
	for i, f := range flags {
		name := strings.TrimLeft(f, "-")
		if strings.HasPrefix(name, "tags=") || strings.HasPrefix(name, "mod=") {
			list = append(list, f)
		} else if name == "tags" && i+1 < len(flags) {
			list = append(list, f, flags[i+1])
		}
	}
	return list
}

// build compiles. Vet is not asked: what it finds is not in question here.
func (b *Binary) build(ctx context.Context, t Target) error {
	args := append([]string{"test", "-c", "-vet=off", "-o", b.Path}, t.Flags...)
	if t.Overlay != "" {
		args = append(args, "-overlay="+t.Overlay)
	}
	if _, stderr, err := goCommand(ctx, t.Dir, append(args, b.Package)...); err != nil {
		return because(err, stderr, "%s does not compile", b.Package)
	}
	return nil
}

// list asks the binary for the names of benchmarks.
func (b *Binary) list(ctx context.Context, match string) ([]string, error) {
	cmd := b.command(ctx, "-test.list="+match)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: its test binary does not list its benchmarks (%v): %s; go test -list . %s shows all of it", b.Package, err, lastLines(string(out)), b.Package)
	}
	var names []string
	for _, line := range strings.Fields(string(out)) {
		if strings.HasPrefix(line, "Benchmark") {
			names = append(names, line)
		}
	}
	return names, nil
}

// because makes one line of what the go command says.
func because(err error, stderr, format string, args ...any) error {
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
		return err
	}
	return fmt.Errorf("%s: %s", fmt.Sprintf(format, args...), firstLine(stderr))
}

// firstLine is the first line that says something: the go command begins with
// the package's name.
func firstLine(text string) string {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "go: downloading") {
			return line
		}
	}
	return "no reason given"
}
