package cases

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"

	"example.com/truth/farend"
	"example.com/truth/measure"

	"golang.org/x/sync/errgroup"
)

var (
	fetchMeter  = measure.New("fetch")
	lookupMeter = measure.New("lookup")
)

// fetch gets a page.
//
// truth: task net io
func fetch(client *http.Client, url string) error {
	clock := fetchMeter.Wall()
	defer clock.Waited()
	r, err := client.Get(url)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	_, err = io.Copy(io.Discard, r.Body)
	return err
}

// http1 has as many requests under way as there are cores.
func http1() (Batch, error) {
	url, err := farend.Start("http", answer)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	return func(context.Context) error {
		var g errgroup.Group
		g.SetLimit(runtime.GOMAXPROCS(0))
		for range 40 {
			g.Go(func() error { return fetch(client, url) }) // truth: site io more binds; finding poolfit confirmed
		}
		return g.Wait()
	}, err
}

// http2 has a channel for a semaphore.
func http2() (Batch, error) {
	url, err := farend.Start("http2", answer)
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, // the far end signs for itself
		ForceAttemptHTTP2: true,
	}}
	slots := make(chan struct{}, 4)
	return func(context.Context) error {
		var wg sync.WaitGroup
		for range 40 {
			slots <- struct{}{}
			wg.Add(1)
			go func() { // truth: site io more binds; finding poolfit confirmed
				defer wg.Done()
				defer func() { <-slots }()
				fetch(client, url)
			}()
		}
		wg.Wait()
		return nil
	}, err
}

// dns looks names up in three workers.
func dns() (Batch, error) {
	address, err := farend.Start("dns", answer)
	resolver := &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "udp", address)
		},
	}
	hosts := make(chan string)
	done := make(chan error)
	for range 3 {
		go func() { // truth: site io more binds; finding poolfit confirmed
			for host := range hosts {
				done <- lookup(resolver, host)
			}
		}()
	}
	return func(ctx context.Context) error {
		const n = 30
		go func() {
			for i := range n {
				hosts <- "host" + strconv.Itoa(i) + ".example."
			}
		}()
		for range n {
			if err := <-done; err != nil {
				return err
			}
		}
		return nil
	}, err
}

// truth: task net io
func lookup(resolver *net.Resolver, host string) error {
	clock := lookupMeter.Wall()
	defer clock.Waited()
	_, err := resolver.LookupHost(context.Background(), host)
	var answered *net.DNSError
	if errors.As(err, &answered) && answered.IsNotFound {
		return nil // as expected: nobody has these names
	}
	return err
}

// server accepts connections and computes for each request. Between requests it
// waits for clients, which is no cost.
func server() (Batch, error) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strconv.Itoa(row(len(r.URL.Path))))
	}))
	if err := os.Setenv("TRUTH_SERVER", s.URL); err != nil {
		return nil, err
	}
	_, err := farend.Start("clients", 20*time.Millisecond)
	return func(ctx context.Context) error {
		serveFor(ctx, 200*time.Millisecond)
		return nil
	}, err
}

// serveFor lets the server run.
//
// truth: idle in server
func serveFor(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
