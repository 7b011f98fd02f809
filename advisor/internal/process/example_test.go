package process_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/concurlint/concurlint/advisor/internal/process"
)

// upper is what the workers do. Main gets to know it by name: first thing in
// main in a program, in TestMain here.
func upper(ctx context.Context, body []byte) ([]byte, error) {
	if len(body) == 0 {
		return nil, errors.New("nothing to do")
	}
	if string(body) == "crash" {
		os.Exit(3) // not even this harms the others
	}
	return []byte(strings.ToUpper(string(body))), nil
}

func init() { process.Upper = upper }

func Example() {
	pool, err := process.Start(context.Background(), process.Config{Workers: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	words := []string{"one", "", "crash", "two"}
	go func() {
		tasks := make([]process.Task, len(words))
		for i, word := range words {
			tasks[i] = process.Task{ID: uint64(i), Func: "upper", Body: []byte(word)}
		}
		pool.Submit(tasks)
		pool.Close()
	}()
	results := make([]string, len(words))
	outcomes := make([]process.Outcome, 16)
	for {
		n, err := pool.Receive(outcomes)
		if err == io.EOF {
			break
		}
		for _, o := range outcomes[:n] {
			results[o.ID] = string(o.Body)
			if o.Err != nil {
				results[o.ID] = o.Err.Error()
			}
			if o.Err == process.ErrDeath {
				results[o.ID] += fmt.Sprintf(", %d of them: %s", o.Deaths, o.Death.Status)
			}
		}
	}
	fmt.Println(strings.Join(results, "\n"))
	// Output:
	// ONE
	// nothing to do
	// the task kills its worker, 3 of them: exit status 3
	// TWO
}
