package cases

import (
	"context"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"example.com/truth/farend"
	"example.com/truth/measure"

	"golang.org/x/sync/errgroup"
)

var (
	saveMeter    = measure.New("save")
	loadMeter    = measure.New("load")
	receiveMeter = measure.New("receive")
	execMeter    = measure.New("command")
)

// save puts a page on the disk. A virtual disk is a queue that the kernel
// computes for, so that the clocks say which class it has here.
//
// truth: task file measured
func save(f *os.File, page []byte) error {
	clock := saveMeter.Thread()
	defer clock.Waited()
	if _, err := f.WriteAt(page, 0); err != nil {
		return err
	}
	return f.Sync()
}

func fsync() (Batch, error) {
	f, err := temporary(nil)
	page := make([]byte, 1<<14)
	return func(context.Context) error {
		for range 50 { // truth: site - - -
			if err := save(f, page); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// temporary makes a file with a content, and drops its name at once.
func temporary(content []byte) (*os.File, error) {
	// The temporary directory may be in memory, where nothing waits.
	f, err := os.CreateTemp(".", "truth*.tmp")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, err
	}
	_, err = f.Write(content)
	return f, err
}

// load reads a file that the kernel has in memory: it copies, and waits for
// nothing, though the scheduler calls it a system call.
//
// truth: task - cpu
func load(f *os.File, into []byte) error {
	clock := loadMeter.Thread()
	defer clock.Computed()
	_, err := f.ReadAt(into, 0)
	return err
}

// pagecache has a pool for waiting, where nothing waits.
func pagecache() (Batch, error) {
	f, err := temporary(make([]byte, 4<<20))
	const size = 32
	buffers := make(chan []byte, size)
	for range size {
		buffers <- make([]byte, 4<<20)
	}
	return func(context.Context) error {
		var g errgroup.Group
		g.SetLimit(size)
		for range 100 {
			g.Go(func() error { // truth: site cpu fewer binds; finding poolfit refuted
				into := <-buffers
				defer func() { buffers <- into }()
				return load(f, into)
			})
		}
		return g.Wait()
	}, err
}

// receive asks over a socket that blocks its thread, as C libraries have them.
//
// truth: task syscall|file|net io
func receive(socket int) error {
	b := []byte{1}
	clock := receiveMeter.Thread()
	defer clock.Waited()
	if _, err := syscall.Write(socket, b); err != nil {
		return err
	}
	_, err := syscall.Read(socket, b)
	return err
}

// blocking has a thread in the kernel for each socket that waits.
func blocking() (Batch, error) {
	address, err := farend.Start("tcp", answer)
	if err != nil {
		return nil, err
	}
	sockets := make([]int, 8)
	for i := range sockets {
		if sockets[i], err = connect(address); err != nil {
			return nil, err
		}
	}
	return func(context.Context) error {
		var g errgroup.Group
		g.SetLimit(2)
		for _, socket := range sockets {
			g.Go(func() error { return receive(socket) }) // truth: site io more binds; finding poolfit confirmed
		}
		return g.Wait()
	}, nil
}

func connect(address string) (int, error) {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return 0, err
	}
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		return 0, err
	}
	return socket, syscall.Connect(socket, &syscall.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())})
}

// command runs a program that only waits.
//
// truth: task proc io
func command() error {
	clock := execMeter.Wall()
	defer clock.Waited()
	return exec.Command("sleep", "0.02").Run()
}

func process() (Batch, error) {
	return func(context.Context) error {
		errs := make([]error, 2*runtime.GOMAXPROCS(0))
		for i := range errs { // truth: site io|process concurrent -
			errs[i] = command()
		}
		return errs[0]
	}, nil
}
