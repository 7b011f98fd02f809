package fanout

import (
	"context"

	"github.com/concurlint/concurlint/advisor/executor"
)

// What package executor runs is bounded, but for a group without a limit.

func executorPool(ctx context.Context, urls []string) error {
	p := executor.NewPool(ctx, 8)
	for _, u := range urls {
		p.Go(func() error { return fetch(u) })
	}
	return p.Wait()
}

func executorBatch(ctx context.Context, urls []string) error {
	b := executor.NewPool(ctx, 8).Batch()
	for _, u := range urls {
		b.Go(func() error { return fetch(u) })
	}
	return b.Wait()
}

func executorGroup(ctx context.Context, urls []string) error {
	g, _ := executor.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error { return fetch(u) }) // want "note: .*executor.*Go starts a goroutine for each of urls .* give the group SetLimit"
	}
	return g.Wait()
}

func executorLimitedGroup(ctx context.Context, urls []string) error {
	g, _ := executor.WithContext(ctx)
	g.SetLimit(8)
	for _, u := range urls {
		g.Go(func() error { return fetch(u) })
	}
	return g.Wait()
}

func executorForEach(ctx context.Context, urls []string) error {
	return executor.ForEach(ctx, urls, func(_ context.Context, u string) error { return fetch(u) })
}

// One goroutine for each of them is none of the executor's.
func executorForEachOfMany(ctx context.Context, lists [][]string) error {
	return executor.ForEach(ctx, lists, func(_ context.Context, urls []string) error {
		for _, u := range urls {
			go fetch(u) // want "note: .*go starts a goroutine for each of urls and each waits on the network, bound them"
		}
		return nil
	})
}
