package c

import (
	"context"
	"net/http"
	"os/exec"
	"sync"
	"time"
)

// What a function starts and waits for takes as long as that does.
func Finish(ctx context.Context, cmd *exec.Cmd) error { // want Finish:"^chan\\(always\\) proc\\(always\\) spawn\\(always\\)$"
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func Ask(c *http.Client, req *http.Request) (resp *http.Response, err error) { // want Ask:"^chan\\(always\\) net\\(always\\) spawn\\(always\\)$"
	done := make(chan struct{})
	go func() {
		defer close(done)
		resp, err = c.Do(req)
	}()
	<-done
	return resp, err
}

// Of a named function that is given the channel.
func Run(cmd *exec.Cmd) error { // want Run:"^chan\\(always\\) proc\\(usually\\) spawn\\(always\\)$"
	done := make(chan error)
	go wait(cmd, done)
	return <-done
}

func wait(cmd *exec.Cmd, done chan<- error) {
	if cmd.Process == nil {
		done <- nil
		return
	}
	done <- cmd.Wait()
}

// All of what workers send until the channel is closed.
func All(urls []string) (n int) { // want All:"^chan\\(always\\) cpu\\(loop\\) net\\(usually\\) spawn\\(always\\)$"
	got := make(chan int)
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			resp, err := http.Get(u)
			if err == nil {
				got <- resp.StatusCode
			}
		}()
	}
	go func() {
		wg.Wait()
		close(got)
	}()
	for c := range got {
		n += c
	}
	return n
}

// Whoever is first: it may be the one that does not ask.
func First(url string, kept func() string) string { // want First:"^chan\\(always\\) net\\(rarely\\) spawn\\(always\\) goes 1$"
	got := make(chan string, 2)
	go func() {
		_, _ = http.Get(url)
		got <- url
	}()
	go func() { got <- kept() }()
	return <-got
}

// What goes on behind the answer is not waited for.
func Launch(cmd *exec.Cmd) error { // want Launch:"^chan\\(always\\) spawn\\(always\\)$"
	started := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		close(started)
		ended <- cmd.Wait()
	}()
	<-started
	return nil
}

// A field is everybody's.
type Job struct{ done chan error }

func (j *Job) Run(cmd *exec.Cmd) error { // want Run:"^chan\\(always\\) spawn\\(always\\)$"
	go func() { j.done <- cmd.Wait() }()
	return <-j.done
}

// So is a channel that is handed on.
func Shared(cmd *exec.Cmd, also func(chan error)) error { // want Shared:"^chan\\(always\\) spawn\\(always\\) calls 1$"
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	also(done)
	return <-done
}

// The function itself may be the one that answers.
func Itself(cmd *exec.Cmd) error { // want Itself:"^chan\\(always\\) spawn\\(always\\)$"
	done := make(chan error, 2)
	go func() { done <- cmd.Wait() }()
	done <- nil
	return <-done
}

// One that only sleeps is a time limit.
func Limit(ch chan int) int { // want Limit:"^chan\\(always\\) spawn\\(always\\)$"
	late := make(chan struct{})
	done := make(chan int)
	go func() {
		time.Sleep(time.Second)
		close(late)
	}()
	go func() { done <- 1 }()
	select {
	case n := <-done:
		return n
	case <-late:
		return 0
	}
}

// Which of several events comes first says nothing of the goroutine.
func Next(cmd *exec.Cmd, events chan int) int { // want Next:"^chan\\(always\\) spawn\\(always\\)$"
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case <-done:
		return 0
	case n := <-events:
		return n
	}
}
