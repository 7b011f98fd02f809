package serving

import (
	"net/http"
	"os"
)

// A loop that is there to do one thing, whoever asks for it and however: nobody
// waits for anything else of it.
type reloader struct {
	parts  []part
	hup    chan os.Signal
	asked  chan chan error
	kicked chan struct{}
	quit   chan struct{}
	jobs   chan string
}

type part struct{ apply func([]byte) error }

func newReloader(parts ...part) *reloader {
	return &reloader{parts: parts, hup: make(chan os.Signal, 1), asked: make(chan chan error), kicked: make(chan struct{}, 1)}
}

func start() {
	r := newReloader(part{applyRemote})
	go r.run()
	go r.serveJobs()
}

func applyRemote(conf []byte) error {
	_, err := http.Get(string(conf)) // want "warning: blockloop: http.Get waits on the network on the loop of reloader.serveJobs"
	return err
}

func reload(file string, parts []part) error {
	conf, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if _, err := http.Get("http://config"); err != nil {
		return err
	}
	for _, p := range parts {
		if err := p.apply(conf); err != nil {
			return err
		}
	}
	return nil
}

func (r *reloader) run() {
	for {
		select {
		case <-r.hup:
			_ = reload("a.conf", r.parts)
		case rc := <-r.asked:
			rc <- reload("a.conf", r.parts)
		case <-r.kicked:
			_ = reload("a.conf", r.parts)
		case <-r.quit:
			return
		}
	}
}

// Here others wait for something else.
func (r *reloader) serveJobs() {
	for {
		select {
		case rc := <-r.asked:
			rc <- reload("b.conf", r.parts) // want "silent: blockloop: reload waits on the network while the loop serves none of its 2 channels"
		case url := <-r.jobs:
			println(url)
		}
	}
}
