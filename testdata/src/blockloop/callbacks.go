// Package blockloop holds the cases of rule blockloop.
package blockloop

import (
	"net/http"
	"os"
	"runtime"
	"sort"
	"time"

	"github.com/cockroachdb/pebble"
	mqtt "github.com/eclipse/paho.mqtt.golang"
	"k8s.io/client-go/tools/cache"
)

func fetch() {
	resp, err := http.Get("http://example.com/")
	if err == nil {
		resp.Body.Close()
	}
}

// A named function given where the library's func type is wanted.

func onMessage(mqtt.Client, mqtt.Message) {
	fetch() // want `warning: .*fetch waits on the network on mqtt's loop`
}

func onDefault(mqtt.Client, mqtt.Message) {
	fetch() // want `warning: .*fetch waits on the network`
}

func onAny(mqtt.Client, mqtt.Message) {
	fetch() // want `warning: .*fetch waits on the network`
}

func onMade(mqtt.Client, mqtt.Message) {
	fetch() // want `warning: .*fetch waits on the network`
}

func onStored(mqtt.Client, mqtt.Message) {
	fetch() // want `warning: .*fetch waits on the network`
}

func onConverted(mqtt.Client, mqtt.Message) {
	fetch() // want `warning: .*fetch waits on the network`
}

func onField(mqtt.Client, mqtt.Message) {
	fetch() // want `warning: .*fetch waits on the network`
}

func onBusy(mqtt.Client, mqtt.Message) {
	again(true) // want `warning: .*again waits on the network`
}

// A pause before a request says less of it than the request.
func again(soon bool) {
	if !soon {
		time.Sleep(time.Second)
	}
	fetch()
}

type device struct{ name string }

func (d *device) onStatus(mqtt.Client, mqtt.Message) {
	d.save() // the device's own code: the finding is inside
}

func (d *device) save() {
	fetch() // want `warning: .*fetch waits on the network`
}

// The handler is made by a function.
func (d *device) handler(topic string) func(mqtt.Client, mqtt.Message) {
	return func(mqtt.Client, mqtt.Message) {
		fetch() // want `warning: .*fetch waits on the network`
	}
}

func returned() mqtt.MessageHandler {
	return onMade
}

// What a handler calls runs on the loop, too.
func listen(c mqtt.Client, topic string, h func(payload []byte), done func()) {
	c.Subscribe(topic, 0, func(_ mqtt.Client, m mqtt.Message) {
		h(m.Payload())
		go done()
	})
}

func onPayload([]byte) {
	fetch() // want `warning: .*fetch waits on the network on mqtt's loop`
}

func route(c mqtt.Client, h func(mqtt.Client, mqtt.Message)) {
	c.AddRoute("x", h)
}

func relayed(c mqtt.Client) {
	listen(c, "a", onPayload, fetch)
	route(c, func(mqtt.Client, mqtt.Message) {
		fetch() // want `warning: .*fetch waits on the network`
	})
}

func wrapped(c mqtt.Client, h mqtt.MessageHandler) {
	c.Subscribe("wrapped", 0, h)
}

func subscribe(c mqtt.Client, d *device) {
	opts := &mqtt.ClientOptions{DefaultPublishHandler: onField}
	opts.SetDefaultPublishHandler(onDefault)
	c.Subscribe("a", 0, onMessage)
	c.Subscribe("b", 0, d.onStatus)
	c.Subscribe("e", 0, onBusy)
	c.Subscribe("c", 0, d.handler("c"))
	wrapped(c, onAny)
	table := map[string]mqtt.MessageHandler{"d": onStored}
	c.AddRoute("d", table["d"])
	_ = mqtt.MessageHandler(onConverted)
	local := func(mqtt.Client, mqtt.Message) {
		time.Sleep(time.Second) // want `warning: .*time.Sleep sleeps on mqtt's loop`
	}
	c.Subscribe("e", 0, local)
	c.Subscribe("f", 0, func(mqtt.Client, mqtt.Message) {
		go fetch() // handed to a goroutine
	})
	c.Subscribe("g", 0, func(mqtt.Client, mqtt.Message) {
		time.Sleep(time.Millisecond) // short
	})
	// The library runs it on a goroutine of its own.
	opts.OnConnect = func(mqtt.Client) { fetch() }
}

// Not a handler: it only looks like one.
func similar(mqtt.Client, mqtt.Message) { fetch() }

func direct(c mqtt.Client, m mqtt.Message) { similar(c, m) }

// Func-typed fields.

func informers() cache.ResourceEventHandlerFuncs {
	h := cache.ResourceEventHandlerFuncs{
		AddFunc: func(any) {
			fetch() // want `warning: .*fetch waits on the network on cache's loop`
		},
		DeleteFunc: deleted,
	}
	h.UpdateFunc = func(any, any) {
		fetch() // want `warning: .*fetch waits on the network`
	}
	return h
}

func deleted(any) {
	fetch() // want `warning: .*fetch waits on the network`
}

// All fields of the struct are under the contract.
var listener = pebble.EventListener{
	FlushBegin: func(pebble.FlushInfo) {
		fetch() // want `warning: .*fetch waits on the network on pebble's loop`
	},
	FlushEnd: flushed,
}

var events = make(chan pebble.FlushInfo)

func flushed(i pebble.FlushInfo) {
	select {
	case events <- i:
	default: // full: dropped
	}
}

// Parameters of the standard library.

type handle struct{ f *os.File }

func open(f *os.File) *handle {
	h := &handle{f}
	runtime.SetFinalizer(h, func(*handle) {
		fetch() // want `warning: .*fetch waits on the network on runtime's loop`
	})
	return h
}

func order(urls []string) {
	sort.Slice(urls, func(i, j int) bool {
		return size(urls[i]) < size(urls[j]) // want `warning: .*size waits on the network on sort's loop, use a key that is worked out before the sort`
	})
	sort.Slice(urls, func(i, j int) bool { return urls[i] < urls[j] })
}

func size(url string) int64 {
	resp, err := http.Head(url)
	if err != nil {
		return 0
	}
	return resp.ContentLength
}

// A function that has one way leaves nobody a choice.
func straight(c mqtt.Client) {
	c.Subscribe("bills", 0, func(mqtt.Client, mqtt.Message) {
		directly(func() {
			_, _ = http.Get("http://bills.example/") // want `warning: .*http.Get waits on the network on mqtt's loop`
		})
	})
}

func directly(handle func()) { handle() }

// One that runs what it is given here, and then on a goroutine again, has one way as well.
func twoTries(c mqtt.Client) {
	c.Subscribe("parcels", 0, func(mqtt.Client, mqtt.Message) {
		retried(func() error {
			_, err := http.Get("http://parcels.example/") // want `warning: .*http.Get waits on the network on mqtt's loop`
			return err
		})
	})
}

func retried(handle func() error) {
	if err := handle(); err != nil {
		go handle()
	}
}

// What also runs straight on the loop is not off it by a setting.
func bothWays(c mqtt.Client, aside bool) {
	deliver := func() {
		_, _ = http.Get("http://both.example/") // want `note: .*http.Get waits on the network on mqtt's loop`
	}
	c.Subscribe("a", 0, func(mqtt.Client, mqtt.Message) { maybeAside(aside, deliver) })
	c.Subscribe("b", 0, func(mqtt.Client, mqtt.Message) { deliver() })
}

func maybeAside(aside bool, handle func()) {
	if aside {
		go handle()
		return
	}
	handle()
}
