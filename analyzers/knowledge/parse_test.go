package knowledge

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestMalformedLines(t *testing.T) {
	tests := []struct{ line, want string }{
		{"efect net.Dial net", `unknown verb "efect"`},
		{"effect", "want a symbol"},
		{"effect Dial net", "want a symbol"},
		{"effect net/http net", "want a symbol"},
		{"effect net. net", "want a symbol"},
		{"effect net..Dial net", "want a symbol"},
		{"effect net.Dial nett", `unknown word "nett"`},
		{"effect net.Dial net=1", `unexpected value in "net=1"`},
		{"effect net.Dial cpu=fast", "cpu is loop or heavy"},
		{"effect net.Dial cost", "cost without a value"},
		{"effect net.Dial io", "want an argument position"},
		{"effect net.Dial io=first", "want an argument position"},
		{"effect net.Dial io=-1", "want an argument position"},
		{"effect net.Dial calls=*", "want an argument position"},
		{"effect time.Sleep const=100", "want an argument position"},
		{"quiet log.* always", `unexpected "always"`},
		{"loop a.F#0 allow=network", `unknown kind "network"`},
		{"loop a.F#0 severity=fatal", "unknown word"},
		{"executor a.F limit=none", "no task=N"},
		{"executor a.F task=0 limit=many", "unknown limit"},
		{"executor a.F task=0 limit=const:0", "positive"},
		{"executor a.F task=0 limit=new:#1", "want FUNC#N"},
		{"executor a.F task=0 limit=set:", "want a name"},
		{"executor a.F task=0 fast", "unknown word"},
		{"| free text", `unknown verb ""`},
		{"limiter a.F wait", "want one of acquire"},
		{"mutex a.F", "want one of lock"},
		{"request a.T of=b", "unexpected"},
		{"asks a.F", "want an argument and a method"},
		{"asks a.F String", "want an argument and a method"},
		{"asks a.F 0*.", "want an argument and a method"},
		{"asks a.F 0.String format=first", "want an argument position"},
	}
	for _, test := range tests {
		_, err := new(Base).With("my.know", "# a comment\n\n"+test.line+"\n")
		if err == nil || !strings.HasPrefix(err.Error(), "my.know:3: ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: have error %v, want my.know:3: … %s", test.line, err, test.want)
		}
	}
}

func TestLayoutOfLines(t *testing.T) {
	const text = "\teffect\tnet.Dial\t net  stream | free | text\r\n# effect os.Open file\r\neffect\tos.Open file"
	b, err := new(Base).With("my.know", text)
	if err != nil {
		t.Fatal(err)
	}
	if e := b.Effect(Symbol{"net", "", "Dial"}); e == nil || !e.Stream || len(e.Kinds) != 1 {
		t.Errorf("net.Dial: %+v", e)
	}
	if b.Effect(Symbol{"os", "", "Open"}) == nil {
		t.Error("os.Open is missing")
	}
}

func TestPrecedence(t *testing.T) {
	b, err := new(Base).With("a.know", "effect a/b.* net\neffect a/b.T.* file\neffect a/b.T.M proc\n")
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[Symbol]string{
		{"a/b", "", "F"}:     "net",
		{"a/b", "U", "M"}:    "net",
		{"a/b", "T", "N"}:    "file",
		{"a/b", "T", "M"}:    "proc",
		{"a/b/v3", "T", "M"}: "proc",
	} {
		if e := b.Effect(s); e == nil || e.Kinds[0] != want {
			t.Errorf("%v: %+v, want %s", s, e, want)
		}
	}
	if e := b.Effect(Symbol{"a", "", "F"}); e != nil {
		t.Errorf("another package: %+v", e)
	}
	c, err := b.With("b.know", "effect a/b.T.M none\n")
	if err != nil {
		t.Fatal(err)
	}
	if e := c.Effect(Symbol{"a/b", "T", "M"}); e == nil || len(e.Kinds) != 0 {
		t.Errorf("the later line must win: %+v", e)
	}
	if e := b.Effect(Symbol{"a/b", "T", "M"}); len(e.Kinds) != 1 {
		t.Error("With changed its receiver")
	}
}

func TestUnversioned(t *testing.T) {
	for path, want := range map[string]string{
		"math/rand/v2":               "math/rand",
		"math/rand/v2.Shuffle":       "math/rand.Shuffle",
		"a.com/b/v12/c.T.M":          "a.com/b/c.T.M",
		"a.com/b/v2beta1":            "a.com/b/v2beta1",
		"k8s.io/api/core/v1.Pod":     "k8s.io/api/core/v1.Pod",
		"a.com/v/vault.F":            "a.com/v/vault.F",
		"gopkg.in/yaml.v3.Unmarshal": "gopkg.in/yaml.Unmarshal",
		"gopkg.in/src/git.v4/b":      "gopkg.in/src/git/b",
		"gopkg.in/a.v2.v3":           "gopkg.in/a", // one drop leaves nothing for another
	} {
		if got := unversioned(path); got != want {
			t.Errorf("unversioned(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestLoops(t *testing.T) {
	b, err := Builtin().With("b.know", "loop a/b.go.F\nloop a/b.T.M\nloop a/b.F#1\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path string
		want []Symbol
	}{
		{"a/b.go", []Symbol{{Path: "a/b.go", Name: "F"}}},
		{"a/b", []Symbol{{"a/b", "T", "M"}, {Path: "a/b", Name: "F"}, {"a/b", "go", "F"}}},
		{"github.com/eclipse/paho.mqtt.golang", []Symbol{{Path: "github.com/eclipse/paho.mqtt.golang", Name: "MessageHandler"}}},
	} {
		var got []Symbol
		for _, e := range b.Loops(test.path) {
			got = append(got, e.Symbol)
		}
		if len(got) != len(test.want) {
			t.Errorf("loops of %s: %v, want %v", test.path, got, test.want)
		}
		for _, s := range test.want {
			if !slices.Contains(got, s) {
				t.Errorf("loops of %s: %v, want %v among them", test.path, got, s)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("effect net.Dial net ctx\nloop a.T.F allow=lock | text")
	f.Add("executor a/v2.F task=0 limit=new:New#1 blocks wait=Wait")
	f.Add("effect gopkg.in/a.v2.F calls=0* cost=1ms\r\nlimiter x.y try\n mutex\tx.y lock")
	f.Add("effect gopkg.in/a.v2")
	f.Add("effect gopkg.in/a.v2.v2")
	f.Add("effect a.b/v2.F")
	f.Add("effect a.b/v2")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := new(Base).With("my.know", text)
		if err != nil {
			var n int
			if _, scan := fmt.Sscanf(err.Error(), "my.know:%d: ", &n); scan != nil || n < 1 || n > strings.Count(text, "\n")+1 {
				t.Errorf("no file and line in %q", err)
			}
			return
		}
		for head := range b.sections {
			sec := b.section(head)
			if sec == nil {
				t.Fatalf("no section under its own head %s", head)
			}
			for k, l := range sec.lines {
				if err := checkLine(k.verb, k.symbol, split(l).attrs); err != nil {
					t.Errorf("kept a line that does not decode: %v", err)
				}
			}
		}
	})
}

// BenchmarkBuild builds a base of 4000 lines, about what is built in: every
// process that go vet starts does so once.
func BenchmarkBuild(b *testing.B) {
	var text strings.Builder
	for n, i := 0, 0; n < 4000; i++ {
		for _, l := range dataLines(b, "std*.know") {
			if n++; n <= 4000 {
				fmt.Fprintf(&text, "%s example%d.com/%s %s\n", l.Verb, i, l.Symbol, strings.Join(l.Words, " "))
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		base := &Base{sections: make(map[string]*section, 512)}
		if base.add(text.String()); !base.Knows("example0.com/net/http") {
			b.Fatal("lines are missing")
		}
	}
}
