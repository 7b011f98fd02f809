package process

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"
)

// mailboxes returns both views of one.
func mailboxes(t *testing.T) (parent, worker *mailbox) {
	t.Helper()
	parent, f := newMailbox()
	if parent == nil {
		t.Skip("no memory to share")
	}
	defer f.Close()
	if worker = mapMailbox(f); worker == nil {
		t.Fatal("the memory cannot be shared")
	}
	return parent, worker
}

// TestMailbox has frames reach a reader that watches, and
// nothing one that does not.
func TestMailbox(t *testing.T) {
	parent, worker := mailboxes(t)
	for i, side := range [][2]*mailbox{{parent, worker}, {worker, parent}} {
		writer, reader := side[0], side[1]
		frame := frameOf(kindTasks, fmt.Sprint("payload ", i))
		in := newFrameReader(bytes.NewReader(frameOf(kindLone, "by the pipe")), 1<<10)
		if reader.await(in) || writer.put(frame) {
			t.Error("a frame arrived where nobody watches")
		}
		go func() {
			for !writer.put(frame) {
				time.Sleep(time.Microsecond)
			}
		}()
		for in.drained() {
			reader.await(in)
		}
		if writer.put(frame) {
			t.Error("a frame arrived before the last one was read")
		}
		for _, want := range []string{fmt.Sprint("tpayload ", i), "lby the pipe"} {
			if kind, payload, err := in.next(); err != nil || string(kind)+string(payload) != want {
				t.Errorf("%q instead of %q: %v", string(kind)+string(payload), want, err)
			}
		}
		if _, _, err := in.next(); err != io.EOF {
			t.Errorf("%v at the end", err)
		}
	}
}

// TestMailboxPiped ends a watch when there is something in the pipe, and
// watches again when that is read.
func TestMailboxPiped(t *testing.T) {
	parent, worker := mailboxes(t)
	in := newFrameReader(bytes.NewReader(frameOf(kindTasks, "")), 1<<10)
	parent.piped()
	for range 100 {
		if !worker.await(in) {
			t.Fatal("watched although there is a frame in the pipe")
		}
	}
	if _, _, err := in.next(); err != nil {
		t.Fatal(err)
	}
	if worker.await(in) {
		t.Error("found something in an empty pipe")
	}
	if parent.put(make([]byte, slotBytes+1)) {
		t.Error("a frame that is too long was taken")
	}
	var none *mailbox
	none.piped()
	if none.put(nil) {
		t.Error("a frame was put into nothing")
	}
}

// TestMailboxLie has the other side write nonsense.
func TestMailboxLie(t *testing.T) {
	parent, worker := mailboxes(t)
	worker.out.size = 1 << 30
	worker.out.state.Store(99)
	in := newFrameReader(bytes.NewReader(nil), 1<<10)
	go func() {
		for worker.out.state.Swap(slotFull) != slotWatched {
		}
	}()
	for in.drained() {
		parent.await(in)
	}
	if _, _, err := in.next(); err == nil {
		t.Error("nonsense was taken for a frame")
	}
}

// TestLonePauses has lonely tasks between which both sides fall asleep, some
// that last longer than anybody watches, some that are too long for a slot, and
// now and then a batch. In one pool the workers have no mailbox.
func TestLonePauses(t *testing.T) {
	clean(t)
	for _, mode := range []string{modeMailbox, modePipes} {
		t.Run(mode, func(t *testing.T) {
			lonePauses(t, start(t, Config{Workers: 2, Env: []string{EnvWorker + "=" + mode}}))
		})
	}
}

func lonePauses(t *testing.T, p *Pool) {
	var out [1]Outcome
	for i := range 500 {
		tasks := []Task{{Func: "echo", Body: fmt.Append(nil, i)}}
		switch i % 20 {
		case 5:
			time.Sleep(time.Millisecond)
		case 10:
			tasks[0] = Task{Func: "sleep", Body: []byte("200us")}
		case 12:
			tasks[0].Body = make([]byte, loneBytes-4)
		case 14:
			tasks[0] = Task{Func: "long", Body: []byte("100000")}
		case 16:
			tasks = append(tasks, tasks[0], tasks[0])
		}
		p.Submit(tasks)
		for range tasks {
			if _, err := p.Receive(out[:]); err != nil || out[0].Err != nil {
				t.Fatal(err, out[0].Err)
			}
			if tasks[0].Func == "echo" && !bytes.Equal(out[0].Body, tasks[0].Body) {
				t.Fatalf("%q is not the outcome of %q", out[0].Body, tasks[0].Body)
			}
		}
	}
}

// TestLoneChaos kills the worker at random moments of a lonely task's way.
func TestLoneChaos(t *testing.T) {
	clean(t)
	p := start(t, Config{Workers: 2, Attempts: 50})
	var out [1]Outcome
	call := func(task Task) string {
		t.Helper()
		p.Submit([]Task{task})
		if _, err := p.Receive(out[:]); err != nil || out[0].Err != nil || out[0].ID != task.ID {
			t.Fatalf("%v: %+v", err, out[0])
		}
		return string(out[0].Body)
	}
	for i := range *kills {
		pid, err := parse([]byte(call(Task{Func: "pid"})))
		if err != nil {
			t.Fatal(err)
		}
		for range 100 * (i % 2) { // until everybody watches, or from the start
			call(Task{Func: "echo"})
		}
		died := p.Stats().Died // before the kill, which may be over at once
		go func() {
			time.Sleep(time.Duration(rand.IntN(200)) * time.Microsecond)
			syscall.Kill(pid, syscall.SIGKILL)
		}()
		for p.Stats().Died == died {
			body := fmt.Sprint(rand.Uint64())
			if got := call(Task{ID: uint64(i), Func: "echo", Body: []byte(body)}); got != body {
				t.Fatalf("%q instead of %q", got, body)
			}
		}
	}
	t.Logf("%+v", p.Stats())
}
