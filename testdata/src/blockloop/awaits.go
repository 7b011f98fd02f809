package blockloop

import (
	"context"
	"os/exec"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// A goroutine that is waited for takes nothing off the loop.
func print(cmd *exec.Cmd) error {
	done := make(chan error, 1)
	go func() { done <- cmd.Run() }()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Minute):
		return context.DeadlineExceeded
	}
}

func onJob(_ mqtt.Client, m mqtt.Message) {
	print(exec.Command("lp")) // want `warning: .*print waits for a subprocess on mqtt's loop`
}

func onPage(_ mqtt.Client, m mqtt.Message) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		fetch()
	}()
	<-done // want `warning: .*mqtt's loop receives from done`
}

// One that goes on by itself does.
func onLabel(_ mqtt.Client, m mqtt.Message) {
	cmd := exec.Command("lp")
	go func() { _ = cmd.Run() }()
}

func listenForJobs(c mqtt.Client) {
	c.Subscribe("jobs", 1, onJob)
	c.Subscribe("pages", 1, onPage)
	c.Subscribe("labels", 1, onLabel)
}
