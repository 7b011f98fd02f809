package fanout

import (
	"bufio"
	"encoding/json"
	"net"
	"net/http"
	"strings"
)

// Notes: tasks for each thing that comes in that are often left as they are.

type server struct{ o *office }

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.later(letter{r.FormValue("to")}) // want "note: .*later starts a goroutine for each of the requests"
}

func (s *server) later(l letter) { go s.o.deliver(l) }

// A starter in the shape of a handler is told where it starts, and there alone.
func (s *server) post(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	s.postTo(w, r, r.FormValue("to"))
}

func (s *server) postTo(w http.ResponseWriter, r *http.Request, to string) {
	go s.o.deliver(letter{to}) // want "note: .*each of the requests"
	w.WriteHeader(http.StatusAccepted)
}

func routes(o *office) {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		go o.deliver(letter{r.FormValue("to")}) // want "note: .*each of the requests"
	})
}

// Who sends on a connection waits for its answers, and nobody wants the others on
// it to wait.
func onConnection(c net.Conn) {
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		go fetch(strings.TrimSpace(line)) // want "note: .*each of what bufio.*ReadString returns"
	}
}

// A line comes with the scanner's move to it, whatever is then made of it.
func parsedConn(c net.Conn) {
	for s := bufio.NewScanner(c); s.Scan(); {
		var l letter
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			return
		}
		go fetch(l.to) // want "note: .*each of what bufio.*Scan finds and"
	}
}
