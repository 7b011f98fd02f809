package farend

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"time"
)

// Capacity is how many requests a capped far end serves at once.
const Capacity = 4

// tcp answers each byte after a delay.
func tcp(delay time.Duration) (string, error) {
	return listen(func() { time.Sleep(delay) })
}

// capped does the same for few at once; the others wait for their turn.
func capped(delay time.Duration) (string, error) {
	turns := make(chan struct{}, Capacity)
	return listen(func() {
		turns <- struct{}{}
		time.Sleep(delay)
		<-turns
	})
}

// retrograde gets slower with each request that it serves at once, as a disk
// does whose head has to move: two take more than twice as long as one.
func retrograde(delay time.Duration) (string, error) {
	var inFlight atomic.Int64
	return listen(func() {
		n := time.Duration(inFlight.Add(1))
		time.Sleep(delay * n * (n + 9) / 10)
		inFlight.Add(-1)
	})
}

func listen(work func()) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				request := make([]byte, 1)
				for {
					if _, err := io.ReadFull(c, request); err != nil {
						return
					}
					work()
					if _, err := c.Write(request); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String(), nil
}

func answer(delay time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(delay)
		io.WriteString(w, "done\n")
	})
}

func plain(delay time.Duration) (string, error) {
	return httptest.NewServer(answer(delay)).URL, nil
}

func encrypted(delay time.Duration) (string, error) {
	s := httptest.NewUnstartedServer(answer(delay))
	s.EnableHTTP2 = true
	s.StartTLS()
	return s.URL, nil
}

// names answers each look-up after a delay that there is no such name: the
// header of the question, with the bits for an answer and the code set.
func names(delay time.Duration) (string, error) {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go func() {
		for {
			question := make([]byte, 512)
			n, from, err := c.ReadFrom(question)
			if err != nil {
				return
			}
			time.AfterFunc(delay, func() { // truth: finding fanout cold in server
				reply := bytes.Clone(question[:n])
				reply[2] |= 0x80 // an answer
				reply[3] = 3     // no such name
				c.WriteTo(reply, from)
			})
		}
	}()
	return c.LocalAddr().String(), nil
}

// clients ask the server whose address the environment has, with a pause
// between two requests.
func clients(pause time.Duration) (string, error) {
	url := os.Getenv("TRUTH_SERVER")
	for range 4 {
		go func() { // truth: finding poolfit cold in server
			for {
				r, err := http.Get(url)
				if err != nil {
					return
				}
				io.Copy(io.Discard, r.Body)
				r.Body.Close()
				time.Sleep(pause)
			}
		}()
	}
	return url, nil
}
