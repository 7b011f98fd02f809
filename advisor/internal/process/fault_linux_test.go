package process

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

var kills = flag.Int("kills", 20, "workers that TestChaos kills")

// children are the processes whose parent is this one.
func children(t *testing.T) (pids []int) {
	t.Helper()
	files, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		list, _ := os.ReadFile("/proc/self/task/" + f.Name() + "/children")
		for _, word := range strings.Fields(string(list)) {
			pid, _ := parse([]byte(word))
			pids = append(pids, pid)
		}
	}
	return pids
}

// clean fails the test if pools leave anything behind.
func clean(t *testing.T) {
	t.Helper()
	left := func() [3]int {
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return [3]int{runtime.NumGoroutine(), len(fds), len(children(t))}
	}
	start(t, Config{Workers: 1}).Close() // the runtime keeps a poller from now on
	before := left()
	t.Cleanup(func() {
		var now [3]int
		eventually(t, "goroutines, files and processes as before", func() bool {
			now = left()
			return now[0] <= before[0] && now[1] <= before[1] && now[2] <= before[2]
		})
		if t.Failed() {
			t.Logf("before %d, now %d", before, now)
		}
	})
}

// eventually waits for a state that another process brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 1000 {
		if ok() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("never: %s", what)
}

// TestChaos kills random workers while 10,000 tasks run, again and again until
// all kills are done. No task notices. It does not kill while no worker is in
// service: a pool whose workers all die before they start gives up, and on a
// busy machine they start slower than this kills. A longer run: -run Chaos
// -kills 200.
func TestChaos(t *testing.T) {
	clean(t)
	for _, conf := range []Config{{Workers: 2}, {Workers: 3, MaxTasks: 300}, {Workers: 2, MaxBatch: 1, HardLimit: time.Minute}} {
		conf.Attempts = 50 // the killer does not know who is innocent
		p := start(t, conf)
		finished := make(chan bool)
		go func() {
			for range *kills/3 + 1 {
				time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
				for p.Stats().Workers == 0 {
					time.Sleep(time.Millisecond)
				}
				if pids := children(t); len(pids) > 0 {
					syscall.Kill(pids[rand.IntN(len(pids))], syscall.SIGKILL)
				}
			}
			close(finished)
		}()
		outcomes := map[uint64]bool{}
		for killing := true; killing; {
			tasks := make([]Task, 10_000)
			for i := range tasks {
				tasks[i] = Task{ID: uint64(i), Func: "echo", Body: fmt.Append(nil, i)}
				if i%100 == 0 {
					tasks[i] = Task{ID: uint64(i), Func: "sleep", Body: []byte("3ms")}
				}
			}
			go p.Submit(tasks)
			clear(outcomes)
			buf := make([]Outcome, 100)
			for len(outcomes) < len(tasks) {
				n, err := p.Receive(buf)
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range buf[:n] {
					if o.Err != nil || outcomes[o.ID] || o.ID%100 != 0 && string(o.Body) != fmt.Sprint(o.ID) {
						t.Fatalf("task %d: %q, %v, twice %v", o.ID, o.Body, o.Err, outcomes[o.ID])
					}
					outcomes[o.ID] = true
				}
			}
			select {
			case <-finished:
				killing = false
			default:
			}
		}
		t.Logf("%+v", p.Stats())
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestLoneDeath kills the worker of a lonely task, which no goroutine of the
// pool attends to, and an idle one.
func TestLoneDeath(t *testing.T) {
	clean(t)
	p := start(t, Config{Workers: 1})
	call := func(task Task) Outcome {
		t.Helper()
		var out [1]Outcome
		p.Submit([]Task{task})
		if _, err := p.Receive(out[:]); err != nil {
			t.Fatal(err)
		}
		return out[0]
	}
	call(Task{Func: "pid"})
	first := call(Task{Func: "pid"})
	go func() {
		time.Sleep(20 * time.Millisecond)
		syscall.Kill(children(t)[0], syscall.SIGKILL)
	}()
	slow := call(Task{Func: "sleep", Body: []byte("100ms")})
	if slow.Err != nil || slow.Deaths != 1 || string(slow.Body) == string(first.Body) {
		t.Errorf("%+v after %+v", slow, first)
	}
	died := p.Stats().Died
	syscall.Kill(children(t)[0], syscall.SIGKILL)
	eventually(t, "the death of an idle worker is noticed", func() bool { s := p.Stats(); return s.Died == died+1 && s.Workers == 1 })
	if o := call(Task{Func: "pid"}); o.Err != nil || o.Deaths != 0 {
		t.Errorf("after the death of an idle worker: %+v", o)
	}
}

// TestStopped has a worker that says nothing at all, and one whose descendant
// holds its streams open.
func TestStopped(t *testing.T) {
	clean(t)
	p := start(t, Config{Workers: 2, HardLimit: 300 * time.Millisecond})
	tasks := make([]Task, 100)
	for i := range tasks {
		tasks[i] = Task{ID: uint64(i), Func: "pid"}
	}
	tasks[50].Func = "leave"
	// A child stopped before it is a worker would hold up the whole parent.
	eventually(t, "both workers are ready", func() bool { return p.Stats().Workers == 2 })
	for _, pid := range children(t) {
		syscall.Kill(pid, syscall.SIGSTOP)
	}
	overran := 0
	for id, o := range all(t, p, tasks) {
		if _, ok := o.Err.(*LimitError); ok {
			overran++
		} else if o.Err != nil {
			t.Errorf("task %d: %v", id, o.Err)
		}
		if id == 50 && o.Err == nil {
			pid, _ := parse(o.Body)
			eventually(t, "the descendant ends", func() bool { return syscall.Kill(pid, 0) == syscall.ESRCH || zombie(pid) })
		}
	}
	if overran > 2 {
		t.Errorf("%d tasks overran, of 2 stopped workers", overran)
	}
}

func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// parent runs as a process of its own: it tells its workers and waits.
func parent() {
	p, err := Start(context.Background(), Config{Workers: 2})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	p.Submit([]Task{{Func: "spin"}, {Func: "leave"}, {Func: "spin"}})
	var out [1]Outcome
	p.Receive(out[:])
	fmt.Printf("%s\n", out[0].Body)
	p.Submit([]Task{{Func: "pid"}})
	for pid := range p.links {
		fmt.Println(pid.child.cmd.Process.Pid)
	}
	fmt.Println("0")
	select {}
}

// TestOrphans kills the parent: its workers end, busy or not.
func TestOrphans(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PROCESS_TEST_PARENT=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pids []int
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "0"; {
		pid, err := parse(lines.Bytes())
		if err != nil {
			t.Fatal(lines.Text())
		}
		pids = append(pids, pid)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if len(pids) < 3 {
		t.Fatalf("processes: %v", pids)
	}
	for _, pid := range pids {
		eventually(t, "the worker ends", func() bool { return syscall.Kill(pid, 0) == syscall.ESRCH || zombie(pid) })
	}
}
