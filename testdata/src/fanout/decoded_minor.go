package fanout

import (
	"encoding/json"
	"os"
)

// What is decoded has nothing to do with the loop, or is of the program's own. All here is
// a note.

func besidesServers(text []byte, urls []string) {
	var b basket
	if json.Unmarshal(text, &b) != nil || b.Count == 0 {
		return
	}
	for _, u := range urls {
		go fetch(u) // want "note: .*each of urls .*note: "
	}
}

// A file is of who runs the program.
func fileOfServers(name string) {
	text, err := os.ReadFile(name)
	if err != nil {
		return
	}
	var urls []string
	if json.Unmarshal(text, &urls) != nil {
		return
	}
	for _, u := range urls {
		go fetch(u) // want "note: .*each of urls .*note: "
	}
}
