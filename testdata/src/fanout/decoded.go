package fanout

import (
	"encoding/json"
	"net/http"

	"golang.org/x/sync/errgroup"
)

// What a function has had decoded: who has sent it decides how many elements there are, be
// the function named for things that are few.

type basket struct {
	Urls  []string
	Count int
}

func basketOfServers(w http.ResponseWriter, r *http.Request) {
	var b basket
	if err := json.NewDecoder(r.Body).Decode(&b); err != nil {
		return
	}
	var g errgroup.Group
	for _, u := range b.Urls {
		g.Go(func() error { return fetch(u) }) // want "warning: .*each of b.Urls"
	}
	g.Wait()
}

func textOfServers(text []byte) {
	var urls []string
	if json.Unmarshal(text, &urls) != nil {
		return
	}
	for _, u := range urls {
		go fetch(u) // want "warning: .*each of urls"
	}
}

// The tasks are bounded, whoever has sent the elements.
func textOfFewServers(text []byte) {
	var urls []string
	if json.Unmarshal(text, &urls) != nil || len(urls) > 8 {
		return
	}
	for _, u := range urls {
		go fetch(u)
	}
}
