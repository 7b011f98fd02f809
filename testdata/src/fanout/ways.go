package fanout

import (
	"io"
	"net/http"
)

// A task that is started on one way or the other is one for each of the data, and told
// once. All here that is wrong is a warning.

func upload(to, name string) {
	if resp, err := http.Post(to, "text/plain", nil); err == nil {
		resp.Body.Close()
	}
}

func eitherWay(names []string, urgent bool) {
	for _, name := range names {
		if urgent {
			go upload("http://a", name) // want "note: .*each of names"
		} else {
			go upload("http://b", name)
		}
	}
}

// A way that goes on to the next of them.
func skips(names []string, done map[string]bool) {
	for _, name := range names {
		if done[name] {
			go upload("http://a", name) // want "note: .*each of names"
			continue
		}
		go upload("http://b", name)
	}
}

// Another task is another finding, and so is what both ways come to.
func cases(names []string, kind int) {
	for _, name := range names {
		switch kind {
		case 0:
			go upload("http://a", name) // want "note: .*each of names"
		case 1:
			go func() { upload("http://b", name) }()
		case 2:
			go fetch(name) // want "note: .*each of names"
		default:
			go upload("http://c", name)
		}
		go upload("http://d", name) // want "note: .*each of names"
	}
}

// One after the other.
func both(names []string) {
	for _, name := range names {
		go upload("http://a", name) // want "note: .*each of names"
		go upload("http://b", name) // want "note: .*each of names"
	}
	for _, name := range names {
		go upload("http://a", name) // want "note: .*each of names"
	}
}

// For each message.
func messages(c chan string, r io.Reader) {
	for m := range c {
		if m == "" {
			go upload("http://a", m) // want "warning: .*each"
			continue
		}
		go upload("http://b", m)
	}
}
