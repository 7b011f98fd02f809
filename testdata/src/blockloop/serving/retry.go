package serving

import (
	"errors"
	"os/exec"
)

type reply struct{ code int }

// A asker sends a request again until its answer will do.
type asker struct {
	send func(request string) (*reply, error)
	last *reply
}

// What the loop gets is what the function returns: it serves nobody.
func (c *asker) call(request string) (*reply, error) {
	var r *reply
	var err error
	for {
		r, err = c.send(request)
		if err != nil {
			return r, errors.Join(err, errors.New("sending"))
		}
		if r.code == 200 {
			break
		}
		if r.code == 401 {
			_ = exec.Command("login").Run()
		}
	}
	return r, nil
}

// The same from within the loop.
func (c *asker) ask(request string) (*reply, error) {
	for {
		r, err := c.send(request)
		if err != nil {
			return nil, err
		}
		if r.code == 401 {
			_ = exec.Command("login").Run()
			continue
		}
		return r, nil
	}
}

// What goes wrong with one ends the loop, and tells which; the others are its work.
func (c *asker) serve(request string) error {
	for {
		r, err := c.send(request)
		if err != nil {
			return err
		}
		switch r.code {
		case 401:
			_ = exec.Command("login").Run() // want `warning: blockloop: exec.\(\*Cmd\).Run waits for a subprocess for one message while the loop of asker.serve receives no other`
		case 200:
			c.last = r
		}
	}
}
