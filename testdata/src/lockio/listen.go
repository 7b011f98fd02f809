package lockio

import (
	"errors"
	"net"
	"strings"
	"sync"
)

// A socket is bound to an address of this machine: a look-up of that asks nobody. An address
// that a helper writes in numbers is not looked up again.
type ports struct {
	mu   sync.Mutex
	open map[string]net.Listener
	seen map[string]*net.TCPAddr
}

func (p *ports) get(address string) (net.Listener, error) {
	key, err := p.canonical(address)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if l, ok := p.open[key]; ok {
		return l, nil
	}
	l, err := bindTo("tcp", key)
	if err == nil {
		p.open[key] = l
	}
	return l, err
}

// What is bound may well be written with a name.
func (p *ports) bind(address string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, err := bindTo("tcp", address)
	p.open[address] = l
	return err
}

func bindTo(network, address string) (net.Listener, error) {
	if network != "tcp" {
		return net.Listen(network, address)
	}
	addr, err := net.ResolveTCPAddr(network, address)
	if err != nil {
		return nil, err
	}
	return bindTCP(network, addr)
}

func bindTCP(network string, on *net.TCPAddr) (*net.TCPListener, error) {
	if strings.HasSuffix(network, "4") {
		return nil, errors.New("not here")
	}
	return net.ListenTCP(network, on)
}

func (p *ports) canonical(address string) (string, error) {
	addr, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return "", err
	}
	return addr.String(), nil
}

// Where an address is a far end's, only numbers spare the look-up.
func (p *ports) mark(address string) error {
	key, err := p.canonical(address)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[key], err = net.ResolveTCPAddr("tcp", key)
	return err
}

func (p *ports) note(address string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	addr, err := net.ResolveTCPAddr("tcp", address) // want `warning: .*p.mu is held while net.ResolveTCPAddr waits on DNS`
	if err != nil {
		return err
	}
	p.seen[address] = addr
	return checkTCP(addr)
}

// checkTCP listens on another address than the one that it is given.
func checkTCP(addr *net.TCPAddr) error {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{Port: addr.Port})
	if err != nil {
		return err
	}
	return l.Close()
}

// plain gives what it is given, in numbers or not.
func (p *ports) plain(address string) (string, error) {
	if strings.HasPrefix(address, ":") {
		return p.canonical(address)
	}
	return address, nil
}

func (p *ports) look(address string) error {
	key, err := p.plain(address)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[key], err = net.ResolveTCPAddr("tcp", key) // want `warning: .*p.mu is held while net.ResolveTCPAddr waits on DNS`
	return err
}

func (p *ports) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.open) + len(p.seen)
}
