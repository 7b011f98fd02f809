package fanout

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"sync/atomic"
	"time"

	"example.com/web"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// Tasks without a loop over data: one for each thing that comes in, and as many at
// once as come in while they run. All here that is wrong is a warning.

type letter struct{ to string }

type office struct {
	in   chan letter
	stop chan struct{}
	room chan struct{}
	mu   sync.Mutex
	busy int
}

func newOffice(size int) *office {
	return &office{in: make(chan letter), stop: make(chan struct{}), room: make(chan struct{}, size)}
}

func (o *office) deliver(l letter) error { return fetch(l.to) }

func rangeOver(letters <-chan letter) {
	for l := range letters {
		go fetch(l.to) // want "warning: .*each of letters and each waits on the network"
	}
}

func (o *office) dispatch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case l := <-o.in:
			go o.deliver(l) // want "warning: .*each of o.in and each waits on the network"
		}
	}
}

func (o *office) untilStopped() {
	for {
		select {
		case <-o.stop:
			return
		case l, ok := <-o.in:
			if !ok {
				return
			}
			address := l.to
			go func() { // want "warning: .*each of o.in"
				if err := fetch(address); err != nil {
					println(err.Error())
				}
			}()
		}
	}
}

func receives(letters chan letter) {
	for {
		l := <-letters
		go fetch(l.to) // want "warning: .*each of letters"
	}
}

type mailbox interface {
	Next(ctx context.Context) (letter, error)
}

func polls(ctx context.Context, m mailbox) error {
	for {
		l, err := m.Next(ctx)
		if err != nil {
			return err
		}
		go fetch(l.to) // want "warning: .*each of what mailbox.Next returns"
	}
}

func decodes(r io.Reader) {
	d := json.NewDecoder(r)
	for {
		var l letter
		if err := d.Decode(&l); err != nil {
			return
		}
		go exec.Command("post", l.to).Run() // want "warning: .*waits for a subprocess"
	}
}

// A method is called for each.
func (o *office) pump() {
	for l := range o.in {
		o.handle(l) // want "warning: .*handle starts a goroutine for each of o.in"
	}
}

func (o *office) handle(l letter) {
	if l.to == "" {
		return
	}
	go o.deliver(l)
}

// What it starts first is soon over.
func (o *office) pumpBoth() {
	for l := range o.in {
		o.handleBoth(l) // want "warning: .*handleBoth starts a goroutine for each of o.in and each waits on the network"
	}
}

func (o *office) handleBoth(l letter) {
	go func() { println(l.to) }()
	if o.room != nil {
		go o.deliver(l)
	}
}

// So is a closure, which puts it into a group.
func closures(letters chan letter) {
	var wg sync.WaitGroup
	handle := func(l letter) {
		wg.Go(func() { fetch(l.to) })
	}
	for l := range letters {
		handle(l) // want "warning: .*for each of letters"
	}
	wg.Wait()
}

func inGroup(letters chan letter) error {
	var g errgroup.Group
	for l := range letters {
		g.Go(func() error { return fetch(l.to) }) // want "warning: .*each of letters .* give the group SetLimit"
	}
	return g.Wait()
}

// It puts what failed back, which makes no room.
func (o *office) again() {
	for l := range o.in {
		go func() { // want "warning: .*each of o.in"
			if fetch(l.to) != nil {
				o.in <- l
			}
		}()
	}
}

// Held back: the spawner waits for what the task gives back.

func (o *office) withRoom(ctx context.Context) {
	for l := range o.in {
		select {
		case o.room <- struct{}{}:
		case <-ctx.Done():
			return
		}
		go func() {
			defer func() { <-o.room }()
			o.deliver(l)
		}()
	}
}

func (o *office) acquire() { o.room <- struct{}{} }
func (o *office) release() { <-o.room }

func (o *office) withHelpers() {
	for {
		l := <-o.in
		o.acquire()
		go func() {
			defer o.release()
			o.deliver(l)
		}()
	}
}

// The token is taken before the next letter is.
func (o *office) roomFirst() {
	for {
		o.acquire()
		l := <-o.in
		go func(l letter) {
			o.deliver(l)
			o.release()
		}(l)
	}
}

// It is given back by a function that gets the channel.
func roomAsArgument(letters chan letter, room chan bool) {
	for l := range letters {
		room <- true
		go carry(l, room)
	}
}

func carry(l letter, done chan bool) {
	fetch(l.to)
	<-done
}

// Idle carriers come back.
type carrier struct{ home chan *carrier }

func (c *carrier) carry(l letter) {
	defer func() { c.home <- c }()
	fetch(l.to)
}

func idle(letters chan letter, home chan *carrier) {
	for l := range letters {
		c := <-home
		go c.carry(l)
	}
}

func byWeight(ctx context.Context, letters chan letter, s *semaphore.Weighted) {
	for l := range letters {
		if s.Acquire(ctx, 1) != nil {
			return
		}
		go func() {
			defer s.Release(1)
			fetch(l.to)
		}()
	}
}

// A semaphore of which the methods alone are known.
type gate interface {
	Pass(ctx context.Context) error
	Back()
}

func gated(ctx context.Context, letters chan letter, g gate) {
	for l := range letters {
		if err := g.Pass(ctx); err != nil {
			return
		}
		go func() {
			defer g.Back()
			fetch(l.to)
		}()
	}
}

// A count of those that run.
func (o *office) counted() {
	var running atomic.Int32
	for l := range o.in {
		if running.Load() >= 8 {
			continue
		}
		running.Add(1)
		go func() {
			defer running.Add(-1)
			o.deliver(l)
		}()
	}
}

func (o *office) few(most int) {
	done := make(chan bool)
	for l := range o.in {
		for o.busy >= most {
			<-done
			o.busy--
		}
		o.busy++
		go func() { o.deliver(l); done <- true }()
	}
}

// One way takes no token.
func (o *office) oneWay(urgent bool) {
	for l := range o.in {
		if !urgent {
			o.acquire()
		}
		go func() { // want "warning: .*each of o.in"
			o.deliver(l)
			if !urgent {
				o.release()
			}
		}()
	}
}

// The next one waits for the one before.
func (o *office) oneAtATime() {
	for l := range o.in {
		done := make(chan struct{})
		go func() { defer close(done); o.deliver(l) }()
		<-done
	}
}

func (o *office) inBatches() {
	var wg sync.WaitGroup
	for {
		for range 10 {
			l := <-o.in
			wg.Go(func() { o.deliver(l) })
		}
		wg.Wait()
	}
}

// All under one lock, which the receiver of each has.
func (o *office) locked(l letter) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return fetch(l.to)
}

func (o *office) inTurn() {
	for l := range o.in {
		go o.locked(l)
	}
}

func inTurnByData(us []string) {
	var mu sync.Mutex
	for _, u := range us {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			fetch(u)
		}()
	}
}

// Each has a lock of its own.
func ownLocks(offices []*office) {
	for _, o := range offices {
		go o.locked(letter{}) // want "note: .*each of offices"
	}
}

// The lock is around something else.
func lockBehind(us []string) {
	var mu sync.Mutex
	failed := 0
	for _, u := range us {
		go func() { // want "note: .*each of us"
			err := fetch(u)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed++
			}
		}()
	}
}

// A connection is kept open by its peer: it has one goroutine, and there are as
// many as peers.
func connections(conns <-chan net.Conn) {
	for c := range conns {
		go func() {
			defer c.Close()
			for s := bufio.NewScanner(c); s.Scan(); {
				fetch(s.Text())
			}
		}()
	}
}

type session struct{ conn net.Conn }

func sessions(started chan *session) {
	for s := range started {
		go func() { fetch(s.conn.RemoteAddr().String()) }()
	}
}

func listen(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() { fetch(c.RemoteAddr().String()) }()
	}
}

// Ticks, signals and signs to wake up come now and then.
func ticking(d time.Duration) {
	for range time.Tick(d) {
		go fetch("http://status")
	}
}

func woken(wake chan struct{}, hup chan os.Signal) {
	signal.Notify(hup)
	for {
		select {
		case <-wake:
			go fetch("http://now")
		case s := <-hup:
			go fetch(s.String())
		}
	}
}

func paused(m mailbox) {
	for {
		l, err := m.Next(context.Background())
		if err == nil {
			go fetch(l.to)
		}
		time.Sleep(time.Minute)
	}
}

// A handler that starts work and returns.
func startsWork(w http.ResponseWriter, r *http.Request) {
	to := r.FormValue("to")
	go exec.Command("post", to).Run() // want "warning: .*each of the requests and each waits for a subprocess"
	w.WriteHeader(http.StatusAccepted)
}

// A helper has the request from the handler that answers.
func (o *office) accepts(w http.ResponseWriter, r *http.Request) {
	l, err := o.accept(r)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	json.NewEncoder(w).Encode(l)
}

func (o *office) accept(r *http.Request) (letter, error) {
	l := letter{to: r.FormValue("to")}
	if l.to == "" {
		return l, io.ErrUnexpectedEOF
	}
	if o.room != nil {
		go exec.Command("post", l.to).Run() // want "warning: .*each of the requests and each waits for a subprocess"
	}
	return l, nil
}

// A client's request comes from no handler.
func asks(r *http.Request) {
	go exec.Command("post", r.URL.String()).Run()
}

func asksAll() error {
	r, err := http.NewRequest("GET", "http://post", nil)
	if err == nil {
		asks(r)
	}
	return err
}

// So does one that a framework gives the request and the answer in one.
func startsInFields(e *web.Exchange) {
	to := e.Param("to")
	go exec.Command("post", to).Run() // want "warning: .*each of the requests and each waits for a subprocess"
}

func startsByMethods(c web.Call) error {
	go exec.Command("post", c.Param("to")).Run() // want "warning: .*each of the requests and each waits for a subprocess"
	return nil
}

// Nobody waits for an answer.
func replays(r web.Recorded) {
	go exec.Command("post", r.Request.FormValue("to")).Run()
}

// It waits for what it starts.
func answers(w http.ResponseWriter, r *http.Request) {
	got := make(chan error, 1)
	go func() { got <- fetch(r.FormValue("to")) }()
	select {
	case <-got:
	case <-r.Context().Done():
	}
}

func (o *office) ifRoom(w http.ResponseWriter, r *http.Request) {
	select {
	case o.room <- struct{}{}:
	default:
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	go func() {
		defer func() { <-o.room }()
		o.deliver(letter{r.FormValue("to")})
	}()
}

// Descriptors run out on this machine, too.
func spooled(names chan string) {
	for n := range names {
		go os.ReadFile(n) // want "warning: .*each of names and each waits on the file system"
	}
}

// What is parsed has come in before: from whom is not known here.
func parsedLines(out io.Reader) error {
	s := bufio.NewScanner(out)
	for s.Scan() {
		var l letter
		err := json.Unmarshal(s.Bytes(), &l)
		if err != nil {
			return err
		}
		go fetch(l.to) // want "note: .*each of the turns while s.Scan.. and"
	}
	return s.Err()
}

// So has what is parsed of a message, by whatever can fail.
func parsedMessages(s *wire) error {
	for {
		raw, err := s.receive()
		if err != nil {
			return err
		}
		var l letter
		if err := unpack(raw, &l); err != nil {
			continue
		}
		go fetch(l.to) // want "warning: .*each of what .*wire..receive returns and"
	}
}

type wire struct{ in chan []byte }

func (w *wire) receive() ([]byte, error) {
	b, ok := <-w.in
	if !ok {
		return nil, io.EOF
	}
	return b, nil
}

// unpack is out of sight, as a library's is.
var unpack = func(b []byte, v any) error { return json.Unmarshal(b, v) }

// Of a file, too.
func parsedFile(f *os.File) error {
	s := bufio.NewScanner(f)
	for s.Scan() {
		var l letter
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			return err
		}
		go fetch(l.to) // want "warning: .*each of what bufio.*Scan finds and"
	}
	return s.Err()
}

// What sleeps before it tries again does not pace the loop.
func triedAgain(letters <-chan letter, o *office) {
	for {
		l := <-letters
		announce(l)
		go o.deliver(l) // want "warning: .*each of letters"
	}
}

func announce(l letter) error {
	for range 3 {
		if err := fetch(l.to); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
	return io.ErrUnexpectedEOF
}

// A search that leaves by goto comes to an end, so its tasks are no workers.
func packed(letters <-chan letter, text []byte) {
	for l := range letters {
		go func() { // want "warning: .*each of letters"
			press(text)
			fetch(l.to)
		}()
	}
}

func press(text []byte) (n int) {
	for {
		for {
			if n >= len(text) {
				goto done
			}
			if n++; text[n-1] == 0 {
				break
			}
		}
		n++
	}
done:
	return n
}

// A channel that its owner makes holds what is yet to come, unlike a list.
type postbox struct{ in chan string }

func newPostbox() *postbox { return &postbox{in: make(chan string)} }

func (p *postbox) post(u string) { p.in <- u }

func (p *postbox) run() {
	for u := range p.in {
		go fetch(u) // want "warning: .*each of p.in and each waits on the network"
	}
}
