package fanout

import (
	"context"
	"errors"
	"os"
	"sync"

	"golang.org/x/sync/errgroup"
)

// What one case of a select does as it ends brings nothing for the others.
func serveUntil(ctx context.Context, jobs <-chan string, dir string) error {
	var (
		mu   sync.Mutex
		errs []error
		g    errgroup.Group
	)
	for {
		select {
		case u := <-jobs:
			g.Go(func() error { // want "warning: .*starts a goroutine for each of jobs and each waits on the network, give the group SetLimit"
				if err := fetch(u); err != nil {
					mu.Lock()
					errs = append(errs, err)
					mu.Unlock()
				}
				return nil
			})
		case <-ctx.Done():
			if err := os.RemoveAll(dir); err != nil {
				errs = append(errs, err)
			}
			return errors.Join(errs...)
		}
	}
}
