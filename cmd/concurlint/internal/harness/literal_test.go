package harness

import (
	"context"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const forms = `package p

import "context"

type S struct{}

func NewS() *S { return nil }

func openC(ctx context.Context) (*S, error) { return nil, nil }

func T(in string) {}
func TR(in []byte) int { return 0 }
func TE(in string) error { return nil }
func CTRE(ctx context.Context, in map[string]S) (S, error) { return S{}, nil }
func CTE(ctx context.Context, in string) error { return nil }
func STR(s *S, in string) string { return in }
func CSTE(ctx context.Context, s *S, in string) error { return nil }
`

func TestLiteral(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/p\n\ngo 1.21\n", "p.go": forms} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	pkgs, err := Load(context.Background(), []string{"example.com/p"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, state, adapter, want, stage string }{
		{"T", "", "T_", "func(_ context.Context, in string) error { p.T(in); return nil }", "func(_ context.Context, in string) (struct{}, error) { p.T(in); return struct{}{}, nil }"},
		{"TR", "", "T_R", "func(_ context.Context, in []byte) (int, error) { return p.TR(in), nil }", ""},
		{"TE", "", "T_E", "func(_ context.Context, in string) error { return p.TE(in) }", "func(_ context.Context, in string) (struct{}, error) { return struct{}{}, p.TE(in) }"},
		{"CTRE", "", "CT_RE", "p.CTRE", ""},
		{"CTE", "", "CT_E", "p.CTE", "func(ctx context.Context, in string) (struct{}, error) { return struct{}{}, p.CTE(ctx, in) }"},
		{"STR", "", "ST_R", "executor.PerWorker(func(_ context.Context) (*p.S, error) { return p.NewS(), nil }, func(_ context.Context, s *p.S, in string) (string, error) { return p.STR(s, in), nil })", ""},
		{"CSTE", "openC", "CST_E", "executor.PerWorker(p.openC, func(ctx context.Context, s *p.S, in string) (struct{}, error) { return struct{}{}, p.CSTE(ctx, s, in) })", ""},
	} {
		fn, err := pkgs.Function(Name{"example.com/p", test.name}, test.state)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if test.stage == "" {
			test.stage = test.want
		}
		if fn.Adapter != test.adapter || fn.Literal(true) != test.want || fn.Literal(false) != test.stage {
			t.Errorf("%s: adapter %s\nalone %s\nstage %s", test.name, fn.Adapter, fn.Literal(true), fn.Literal(false))
		}
		if _, err := parser.ParseExpr(fn.Literal(false)); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// Every file that is built into a harness says which language it is written in,
// and keeps its own constraint.
func TestRaise(t *testing.T) {
	for text, want := range map[string]string{
		"package p\n":                                    "go1.26",
		"// Doc.\npackage p\n":                           "go1.26",
		"//go:build unix || js\n\npackage p\n":           "(unix || js) && go1.26",
		"// License.\n\n//go:build !unix\n\npackage p\n": "(!unix) && go1.26",
	} {
		got := string(raise([]byte(text)))
		if strings.Count(got, "//go:build ") != 1 || !strings.Contains(got, "//go:build "+want+"\n") {
			t.Errorf("%q became %q", text, got)
		}
		f, err := parser.ParseFile(token.NewFileSet(), "p.go", got, parser.ParseComments)
		if err != nil || f.GoVersion != "go1.26" {
			t.Errorf("%q: %v, version %q", got, err, f.GoVersion)
		}
	}
}
