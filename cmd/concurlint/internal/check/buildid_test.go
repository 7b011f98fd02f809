package check

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestBuildID(t *testing.T) {
	const id = "action/main-action/main/contents"
	for _, test := range []struct{ name, head, want string }{
		{"elf", "\x7fELF\x00\x04\x00\x00\x00\x20\x00\x00\x00\x04\x00\x00\x00Go\x00\x00" + id + "\x00", id},
		{"text", "MZ\x00\xff Go build ID: \"" + id + "\"\n \xff\x00", id},
		{"none", "\x7fELF\x00\x04\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00Go\x00\x00", ""},
		{"chosen by hand", "MZ\xff Go build ID: \"v1\"\n \xff", ""},
		{"cut short", "\x04\x00\x00\x00\xff\xff\xff\xff\x04\x00\x00\x00Go\x00\x00" + id, ""},
		{"no size", "\x04\x00\x00\x00Go\x00\x00" + id, ""},
		{"not quoted", "\xff Go build ID: " + id + "\n \xff", ""},
		{"empty", "", ""},
	} {
		if got := buildID(strings.NewReader(test.head)); got != test.want {
			t.Errorf("%s: buildID is %q, want %q", test.name, got, test.want)
		}
	}
}

// TestOwnBuildID asks the go command about the executable that runs here.
func TestOwnBuildID(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "tool", "buildid", self).Output()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, want := buildID(f), strings.TrimSpace(string(out)); got != want {
		t.Errorf("buildID is %q; go tool buildid says %q", got, want)
	}
}
