package report

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var pageFile = flag.String("page", "", "write the page of rich.json to this file, to be looked at")

func TestPage(t *testing.T) {
	p := richPage(t)
	var b bytes.Buffer
	if err := HTML(&b, p); err != nil {
		t.Fatal(err)
	}
	if *pageFile != "" {
		if err := os.WriteFile(*pageFile, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
