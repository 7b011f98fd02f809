// Package contract holds the cases of rule contract.
package contract

import (
	"net/http"
	"sync"
	"time"
)

// A function that keeps its promise.
//
//concurlint:nonblocking
func kept(ch chan int) {
	select {
	case ch <- 1:
	default:
	}
	go fetch()
}

// One that breaks it.
//
//concurlint:nonblocking
func broken(ch chan int, n int) {
	fetch() // want `warning: .*fetch waits on the network in a function marked nonblocking`
	if n > 0 {
		time.Sleep(time.Second) // want `warning: .*time.Sleep sleeps in a function marked nonblocking`
	}
	ch <- 1 // want `warning: .*a function marked nonblocking sends to ch`
	quiet()
}

// The promise of what it calls holds.
//
//concurlint:nonblocking
func trusting() { kept(nil) }

// A short lock is no wait.
//
//concurlint:nonblocking
func locks(mu *sync.Mutex) {
	mu.Lock()
	defer mu.Unlock()
}

// A directive says what the body does not show.
//
//concurlint:blocking net
func remote() {}

//concurlint:cpu
func render() {}

//concurlint:nonblocking
func calls() {
	remote() // want `warning: .*remote waits on the network in a function marked nonblocking`
	render() // computing is no wait
}

func fetch() {
	_, _ = http.Get("http://example.com/")
}

//concurlint:nonblocking
func quiet() {}

// A parameter's promise is kept by the arguments: rule blockloop.
func on(
	//concurlint:nonblocking
	f func(),
) {
	f()
}
