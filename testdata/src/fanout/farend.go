package fanout

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"

	"example.com/registry"
	"golang.org/x/sync/errgroup"
)

// A configuration names as much as people like. One service has to bear it all.
type catalogue struct {
	opts   *options
	client *registry.Client
}

func (c *catalogue) refresh(ctx context.Context) { c.describe(ctx, c.opts.Cluster.Accounts) }

func (c *catalogue) describe(ctx context.Context, accounts []string) {
	var wg sync.WaitGroup
	for _, a := range accounts {
		wg.Add(1)
		go func(a string) { // want "note: .*each of accounts and each waits on the network"
			defer wg.Done()
			c.client.Describe(ctx, a)
		}(a)
	}
	wg.Wait()
}

func (c *catalogue) describeOwn(ctx context.Context) {
	for _, a := range c.opts.Cluster.Accounts {
		go c.client.Describe(ctx, a) // want "note: .*each of c.opts.Cluster.Accounts and each waits on the network"
	}
}

// How many pages there are is not this program's to say.
func (c *catalogue) allPages() ([]string, error) {
	first, about, err := turnTo(0)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var g errgroup.Group
	for n := about.next; n <= about.last; n++ {
		g.Go(func() error { // want "note: .*each of the turns up to about.last and each waits on the network"
			more, _, err := turnTo(n)
			mu.Lock()
			defer mu.Unlock()
			first = append(first, more...)
			return err
		})
	}
	return first, g.Wait()
}

type contents struct{ next, last int }

func turnTo(n int) (names []string, about contents, err error) {
	var resp *http.Response
	if n >= 0 { // that the answer is always read makes no open connection of the request
		if resp, err = http.Get("http://catalogue/" + strconv.Itoa(n)); err != nil {
			return nil, about, err
		}
	}
	defer resp.Body.Close()
	var body struct {
		Names []string
		About contents
	}
	err = json.NewDecoder(resp.Body).Decode(&body)
	return body.Names, body.About, err
}

// What is asked for before may be few and is data all the same; what somebody chose
// is no answer.
func (c *catalogue) chosenPages(n int) error {
	_, _, err := turnTo(0)
	if err != nil {
		return err
	}
	for i := 0; i < n; i++ {
		go turnTo(i)
	}
	_, about, _ := turnTo(0)
	for i := range about.last {
		go turnTo(i) // want "note: .*each of the turns up to about.last and each waits on the network"
	}
	for i := range min(about.last, 8) {
		go turnTo(i)
	}
	return nil
}
