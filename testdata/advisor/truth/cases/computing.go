package cases

import (
	"context"
	"runtime"
	"sync"

	"example.com/truth/measure"

	"golang.org/x/sync/errgroup"
)

// fractal computes a row of the Mandelbrot set: some milliseconds.
func fractal(y, width, depth int) int {
	sum := 0
	for x := range width {
		c := complex(float64(x)/float64(width)-1.5, float64(y)/1000)
		z := c
		for range depth {
			if z = z*z + c; real(z)*real(z)+imag(z)*imag(z) > 4 {
				break
			}
			sum++
		}
	}
	return sum
}

const width, depth = 1000, 1500

var rowMeter = measure.New("row")

// truth: task - cpu
func row(y int) int {
	clock := rowMeter.Thread()
	defer clock.Computed()
	return fractal(y, width, depth)
}

// compute does heavy work serially, though no row needs another.
func compute() (Batch, error) {
	return func(context.Context) error {
		sums := make([]int, 40)
		for y := range sums { // truth: site cpu concurrent -
			sums[y] = row(y)
		}
		return nil
	}, nil
}

// cores has the pool that computing wants.
func cores() (Batch, error) {
	return func(context.Context) error {
		sums := make([]int, 40)
		var g errgroup.Group
		g.SetLimit(runtime.GOMAXPROCS(0))
		for y := range sums {
			g.Go(func() error { // truth: site cpu keep binds
				sums[y] = row(y)
				return nil
			})
		}
		return g.Wait()
	}, nil
}

// wide computes in a pool as it would suit waiting.
func wide() (Batch, error) {
	return func(context.Context) error {
		sums := make([]int, 1000)
		var g errgroup.Group
		g.SetLimit(200)
		for y := range sums {
			g.Go(func() error { // truth: site cpu fewer binds; finding poolfit confirmed
				sums[y] = row(y)
				return nil
			})
		}
		return g.Wait()
	}, nil
}

// tiny starts a goroutine for each microsecond of work.
func tiny() (Batch, error) {
	pixels := make([]int, 20_000)
	return func(context.Context) error {
		var wg sync.WaitGroup
		for i := range pixels {
			wg.Go(func() { // truth: site cpu chunk -; finding fanout confirmed
				pixels[i] = pixel(i)
			})
		}
		wg.Wait()
		return nil
	}, nil
}

// truth: task - cpu in tiny
func pixel(i int) int {
	return fractal(i%40, 3, 150)
}

var growMeter = measure.New("grow")

type node struct{ left, right *node }

// tree allocates until the collector has most of the work.
func tree(depth int) *node {
	if depth == 0 {
		return new(node)
	}
	return &node{tree(depth - 1), tree(depth - 1)}
}

// collector keeps a large heap alive while it makes garbage: the cores are
// busy, but with collecting.
func collector() (Batch, error) {
	alive := make([]*node, 64)
	return func(context.Context) error {
		var g errgroup.Group
		g.SetLimit(runtime.GOMAXPROCS(0))
		for i := range alive {
			g.Go(func() error { // truth: site - - binds
				alive[i] = grow(14)
				return nil
			})
		}
		return g.Wait()
	}, nil
}

// truth: task - memory
func grow(depth int) *node {
	clock := growMeter.Thread()
	defer clock.Computed()
	return tree(depth)
}
