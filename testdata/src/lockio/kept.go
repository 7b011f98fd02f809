package lockio

import (
	"errors"
	"net"
	"net/http"
	"sync"
)

// A registrar has one connection, which a method lends with the lock held; on an error the
// lock has been given back.
type registrar struct {
	mu     sync.Mutex
	conn   net.Conn
	logins int
	names  map[string]bool
}

var errNoConn = errors.New("closed")

func (d *registrar) lend() (net.Conn, error) {
	d.mu.Lock()
	if d.conn == nil {
		d.mu.Unlock()
		return nil, errNoConn
	}
	return d.conn, nil
}

func (d *registrar) giveBack(c net.Conn) {
	defer d.mu.Unlock()
	d.conn = c
}

func (d *registrar) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.logins++
	return d.logins
}

func (d *registrar) known(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.names[name]
}

func (d *registrar) login(name string) error {
	c, err := d.lend()
	if err != nil {
		return err
	}
	defer d.giveBack(c)
	_, err = http.Get("http://directory/" + name) // want `warning: .*d is held while http.Get waits on the network`
	return err
}

// peek gives the lock back on each way.
func (d *registrar) peek() (net.Conn, error) {
	d.mu.Lock()
	if d.conn == nil {
		d.mu.Unlock()
		return nil, errNoConn
	}
	c := d.conn
	d.mu.Unlock()
	return c, nil
}

func (d *registrar) ping(name string) error {
	if _, err := d.peek(); err != nil {
		return err
	}
	_, err := http.Get("http://directory/" + name)
	return err
}

// either keeps the lock for who has to fill in what is missing, and for nobody else.
func (d *registrar) either(name string) (bool, error) {
	d.mu.Lock()
	if d.names[name] {
		d.mu.Unlock()
		return true, nil
	}
	return false, nil
}

func (d *registrar) fill(name string) error {
	if done, err := d.either(name); done || err != nil {
		return err
	}
	_, err := http.Get("http://directory/" + name)
	d.mu.Unlock()
	return err
}
