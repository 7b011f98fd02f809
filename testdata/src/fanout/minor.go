package fanout

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"example.com/registry"

	"golang.org/x/sync/errgroup"
)

// These are notes: the tasks are few by nature, or nobody would bound them.

func configured(servers []string) {
	for _, s := range servers {
		go fetch(s) // want "note: .*each of servers"
	}
}

func variadic(urls ...string) {
	for _, u := range urls {
		go fetch(u) // want "note: .*each of urls"
	}
}

func broadcast(conns []net.Conn, msg []byte) {
	for _, c := range conns {
		go c.Write(msg) // want "note: .*each of conns"
	}
}

func staggered(names []string) {
	for _, n := range names {
		go os.Remove(n) // want "note: .*each of names"
		time.Sleep(time.Second)
	}
}

func lookups(hosts []string) {
	for _, h := range hosts {
		go net.LookupHost(h) // want "note: .*waits on DNS"
	}
}

func notifyAll(conns []net.Conn) {
	for _, c := range conns {
		go c.Write(nil) // want "note: .*each of conns"
	}
}

// The callers are in the package: what they want done is theirs to judge.
func each(items []string, callback func(string) error) error {
	var g errgroup.Group
	for _, it := range items {
		g.Go(func() error { return callback(it) }) // want "note: .*runs the caller's function"
	}
	return g.Wait()
}

// The caller's own code decides what the tasks of a graph cost.
type action struct {
	once sync.Once
	deps []*action
	run  func() error
}

func execAll(actions []*action) {
	var wg sync.WaitGroup
	for _, a := range actions {
		wg.Go(func() { // want "note: .*each of actions and each starts more"
			a.once.Do(func() {
				execAll(a.deps)
				a.run()
			})
		})
	}
	wg.Wait()
}

// The token is taken by the function that the task calls.
var places = make(chan bool, 20)

func walkTree(root string) {
	var wg sync.WaitGroup
	var visit func(dir string)
	visit = func(dir string) {
		places <- true
		entries, _ := os.ReadDir(dir)
		<-places
		for _, e := range entries {
			wg.Go(func() { // want "note: .*each of entries"
				visit(filepath.Join(dir, e.Name()))
			})
		}
	}
	visit(root)
	wg.Wait()
}

// The kernel answers at once.
func sizes(paths []string) {
	for _, p := range paths {
		go os.Stat(p) // want "warning: .*each of paths"
	}
}

// What the tasks find are few.
func versions(files []string) map[string]string {
	plugins := make(map[string]string)
	var mu sync.Mutex
	for _, f := range files {
		go func() { // want "warning: .*each of files"
			out, _ := exec.Command(f, "--version").Output()
			mu.Lock()
			plugins[f] = string(out)
			mu.Unlock()
		}()
	}
	return plugins
}

const pageSize = 100

// A goroutine for each page, of which there are fewer than keys.
func pages(keys []string) {
	for i := 0; i < len(keys); i += pageSize {
		page := keys[i:min(i+pageSize, len(keys))]
		go func() { // want "note: .*each of len.keys."
			for _, k := range page {
				fetch(k)
			}
		}()
	}
}

type ring struct{ Nodes []string }

func ForAll(r *ring, visit func(string) error) {
	var wg sync.WaitGroup
	for _, n := range r.Nodes {
		wg.Go(func() { visit(n) }) // silent: few, and nobody knows what runs
	}
	wg.Wait()
}

// What ForAll goes over is not seen by its callers.
func status(r *ring) {
	ForAll(r, fetch) // want "note: .*each of the collection"
}

func forEachJob(n, concurrency int, job func(int) error) {
	sem := make(chan struct{}, concurrency)
	for i := range n {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			job(i)
		}()
	}
}

// As many at once as there are servers, which are few.
func askAll(servers []string) {
	forEachJob(len(servers), len(servers), func(i int) error { // want "note: .*each of len.servers."
		return fetch(servers[i])
	})
}

// People write a configuration: they do not write thousands of lines.
type options struct{ Cluster struct{ Accounts []string } }

type broker struct{ opts *options }

func (n *broker) connect() {
	for _, a := range n.opts.Cluster.Accounts {
		go fetch(a) // want "note: .*each of n.opts.Cluster.Accounts"
	}
}

// So are the elements that a caller takes from there, or that describe how each
// part of the program is set up.
func (n *broker) dialAll() { visitAll(n.opts.Cluster.Accounts) }

func visitAll(accounts []string) {
	for _, a := range accounts {
		go fetch(a) // want "note: .*each of accounts"
	}
}

// So are the parts of one that is written in a line.
type line struct{ opts struct{ Relays, Hubs string } }

func (n *line) connect() {
	for _, a := range strings.Split(n.opts.Relays, ",") {
		go fetch(a) // want "note: .*each of strings.Split"
	}
	hubs := strings.Fields(n.opts.Hubs)
	for _, a := range hubs {
		go fetch(a) // want "note: .*each of hubs"
	}
}

type mirrorCfg struct{ url string }

func mirrorAll(mirrors map[string]*mirrorCfg) {
	for _, m := range mirrors {
		go fetch(m.url) // want "note: .*each of mirrors"
	}
}

// Each is asked through a client of its own.
type mirror struct{ client *registry.Client }

type mirrorOptions struct{ mirrors []*mirror }

func (o *mirrorOptions) describe(ctx context.Context) {
	for _, m := range o.mirrors {
		go m.client.Describe(ctx, "/") // silent: few, and parts of the object
	}
}

type dialer struct{}

func (dialer) Endpoints() []string { return os.Args }

func (d dialer) probe() {
	eps := d.Endpoints()
	for _, e := range eps {
		go fetch(e) // want "note: .*each of eps"
	}
}

type clusterNode struct{ addr string }

func perNode(hostMap map[string]bool, commands map[*clusterNode]int) {
	for h := range hostMap {
		go fetch(h) // want "note: .*each of hostMap"
	}
	for n := range commands {
		go fetch(n.addr) // want "note: .*each of commands"
	}
}

// The loop calls what starts the goroutines.
func started(names []string) {
	for _, n := range names {
		start(n) // want "note: .*start starts a goroutine for each of names"
	}
}

func start(name string) { go os.RemoveAll(name) }

var startTokens = make(chan struct{}, 8)

func startedFew(names []string) {
	for _, n := range names {
		startBounded(n)
	}
}

func startBounded(name string) {
	startTokens <- struct{}{}
	go func() {
		defer func() { <-startTokens }()
		os.RemoveAll(name)
	}()
}

// What an interface method does is not known here.
type saver interface{ Save(name string) error }

func saveEach(t saver, names []string) {
	for _, n := range names {
		go func() { // want "note: .*to run code that is not known here"
			_ = t.Save(n)
		}()
	}
}

// What differs from how it should be is seldom much.
type change struct{ unit string }

func reconcile(changes []change) {
	var wg sync.WaitGroup
	for _, c := range changes {
		wg.Go(func() { fetch(c.unit) }) // want "note: .*each of changes"
	}
	wg.Wait()
}

// The few things of all groups are few.
func assigned(topics map[string][]string) {
	for _, partitions := range topics {
		for _, p := range partitions {
			go fetch(p) // want "note: .*each of partitions"
		}
	}
}

type topic struct{ Partitions []string }

func ofTopics(topics []topic) {
	for _, t := range topics {
		for _, p := range t.Partitions {
			go fetch(p) // want "note: .*each of t.Partitions"
		}
	}
}

// Comparing in memory is light: many of these do no harm.
type schema struct{ props map[string]*schema }

func compare(a, b *schema) bool {
	equal := make(chan bool)
	for k := range a.props {
		go func() { equal <- compare(a.props[k], b.props[k]) }() // want "note: .*each starts more"
	}
	all := len(a.props) == len(b.props)
	for range a.props {
		all = <-equal && all
	}
	return all
}

// A goroutine for each batch, of which there are fewer than keys.
func compose(keys []string) {
	const most = 32
	batches := (len(keys) + most - 1) / most
	for i := 0; i < batches; i++ {
		go fetch(keys[i*most]) // want "note: .*each of the turns up to batches"
	}
}

// A group of one's own takes its token when the goroutine has been started.
type lateCrew struct {
	places chan struct{}
	wg     sync.WaitGroup
}

func (c *lateCrew) Go(f func()) {
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		c.places <- struct{}{}
		defer func() { <-c.places }()
		f()
	}()
}

func runsLate(us []string) {
	c := &lateCrew{places: make(chan struct{}, 8)}
	for _, u := range us {
		c.Go(func() { fetch(u) }) // want "note: .*each of us"
	}
	c.wg.Wait()
}

// A walk whose goroutines take a place before they work: as many are started as there
// are pages, but few of them wait for the network.
type crawler struct{ places chan struct{} }

type page struct{ links []*page }

func (c *crawler) walk(p *page) {
	for _, link := range p.links {
		go func() { // want "note: .*each of p.links and each starts more"
			c.places <- struct{}{}
			fetch("link")
			<-c.places
			c.walk(link)
		}()
	}
}

// Who puts the program together decides how many there are: nobody adds one later.
type beacon struct{ urls []string }

func newBeacon(urls ...string) *beacon {
	b := &beacon{}
	for _, u := range urls {
		b.urls = append(b.urls, u)
	}
	return b
}

func pingAll(urls ...string) {
	b := newBeacon(urls...)
	for _, u := range b.urls {
		go fetch(u) // want "note: .*each of b.urls"
	}
}

// What the beacon keeps itself, and goes over, is no more than its own.
func (b *beacon) ping() {
	list := b.urls
	for _, u := range list {
		go fetch(u)
	}
}

// What is asked for comes first, also where only its signature tells that it is far
// away: the loops go over what it answers.
type Namer interface {
	Names(ctx context.Context, zone string) ([]string, error)
}

type lists struct {
	namer Namer
	rules []string
}

func (l *lists) check(zones []string) {
	for _, z := range zones {
		go l.look(z) // want "note: .*each of zones and each waits on the network"
	}
}

// A literal in between is no nearer to the loops than to the question.
func (l *lists) checkAll(zones []string) error {
	var g errgroup.Group
	var mu sync.Mutex
	all := 0
	for _, z := range zones {
		g.Go(func() error { // want "note: .*each of zones and each waits on the network"
			n := l.look(z)
			mu.Lock()
			all += n
			mu.Unlock()
			return nil
		})
	}
	return g.Wait()
}

func (l *lists) look(zone string) (matched int) {
	names, err := l.namer.Names(context.Background(), zone)
	if err != nil {
		return 0
	}
	for _, n := range names {
		for _, r := range l.rules {
			if strings.HasSuffix(n, r) {
				matched++
			}
		}
	}
	return matched
}

// So are the parts of an object that it keeps in a map of the library, which calls for each.
type fleet struct{ ships sync.Map }

func (f *fleet) add(name string, url string) { f.ships.Store(name, url) }

func (f *fleet) hail() error {
	var g errgroup.Group
	f.ships.Range(func(_, url any) bool {
		g.Go(func() error { return fetch(url.(string)) }) // silent: parts of the object, under a key each
		return true
	})
	return g.Wait()
}

// What a function gathers in such a map is what it works on.
func gatherAndHail(us []string) error {
	var found sync.Map
	for _, u := range us {
		found.Store(u, true)
	}
	var g errgroup.Group
	found.Range(func(u, _ any) bool {
		g.Go(func() error { return fetch(u.(string)) }) // want "note: .*what sync.*Map..Range visits .*a map"
		return true
	})
	return g.Wait()
}
