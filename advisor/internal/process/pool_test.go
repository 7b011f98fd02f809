package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
)

// all submits tasks, closes the pool, and returns the outcomes by ID.
func all(t *testing.T, p *Pool, tasks []Task) map[uint64]Outcome {
	t.Helper()
	go func() {
		if n, err := p.Submit(tasks); err != nil {
			t.Errorf("accepted %d of %d: %v", n, len(tasks), err)
		}
		p.Close()
	}()
	outcomes := map[uint64]Outcome{}
	buf := make([]Outcome, 64)
	for {
		n, err := p.Receive(buf)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range buf[:n] {
			if _, twice := outcomes[o.ID]; twice {
				t.Errorf("task %d has two outcomes", o.ID)
			}
			outcomes[o.ID] = o
		}
	}
	if len(outcomes) != len(tasks) {
		t.Errorf("%d outcomes of %d tasks", len(outcomes), len(tasks))
	}
	return outcomes
}

func start(t *testing.T, c Config) *Pool {
	t.Helper()
	p, err := Start(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func TestOutcomes(t *testing.T) {
	tasks := make([]Task, 5000)
	for i := range tasks {
		tasks[i] = Task{ID: uint64(i), Func: "echo", Body: fmt.Append(nil, i)}
	}
	tasks[700].Func = "fail"
	tasks[701].Func = "nobody"
	for id, o := range all(t, start(t, Config{Workers: 2}), tasks) {
		var failed *TaskError
		switch {
		case id == 700 || id == 701:
			if !errors.As(o.Err, &failed) {
				t.Errorf("task %d: %v", id, o.Err)
			}
		case o.Err != nil || string(o.Body) != fmt.Sprint(id):
			t.Errorf("task %d: %q, %v", id, o.Body, o.Err)
		}
	}
}

// TestLone calls one task after the other, good and bad, short and too long
// for its frame, with others in between.
func TestLone(t *testing.T) {
	p := start(t, Config{Workers: 2, MaxTasks: 25, MaxFrame: 100})
	others := make([]Task, 3)
	for i := range others {
		others[i] = Task{ID: 1 << 40, Func: "echo"}
	}
	for i := range 300 {
		task := Task{ID: uint64(i), Func: "echo", Body: fmt.Append(nil, i)}
		want := 1
		switch i % 50 {
		case 10:
			task.Func = "panic"
		case 20:
			task.Body = make([]byte, 101)
		case 30:
			p.Submit(others)
			want = 4
		}
		p.Submit([]Task{task})
		for got := 0; got < want; {
			var out [2]Outcome
			n, err := p.Receive(out[:])
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range out[:n] {
				bad := i%50 == 10 || i%50 == 20
				if o.ID == task.ID && (bad != (o.Err != nil) || !bad && string(o.Body) != fmt.Sprint(i)) {
					t.Errorf("task %d: %q, %v", i, o.Body, o.Err)
				}
			}
			got += n
		}
	}
}
