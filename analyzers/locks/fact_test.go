package locks

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// What is found in whatever order makes the same fact, which comes back as it was told.
// A fact that is cut off is an error.
func TestFact(t *testing.T) {
	var found []func(*Dealings)
	for i := range 2 * most {
		name := fmt.Sprintf("example.com/host.Type.mu%02d", i)
		found = append(found,
			func(d *Dealings) { d.Takes = append(d.Takes, Taken{Lock{name, "", i%2 == 0}, i%3 - 2}) },
			func(d *Dealings) {
				d.Takes = append(d.Takes, Taken{Lock{name, strings.Repeat("int", i%2), i%3 == 0}, i%3 - 2})
			},
			func(d *Dealings) {
				d.Runs = append(d.Runs, Run{name, strings.Repeat("example.com/host.Type[int]", i%2)})
			},
			func(d *Dealings) { d.add(Given{Arg: i % 3, Method: "Count", Place: name}) },
			func(d *Dealings) {
				d.add(Given{Arg: -1, Under: []Hold{{Lock: Lock{Name: name, Read: i%2 == 0}, By: "host.F", On: strings.Repeat("example.com/host.Type[int]", i%2), Wanted: i%3 == 0, Among: "example.com/host.Type"}}})
			},
			func(d *Dealings) { d.Makes = append(d.Makes, name) },
			func(d *Dealings) {
				d.add(Given{Arg: -1, Under: []Hold{{Lock: Lock{Name: name, Read: true}, By: "host.E"}}})
			},
		)
	}
	var first []byte
	for range 20 {
		rand.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
		d := new(Dealings)
		for _, f := range found {
			f(d)
		}
		d.settle()
		d.rename(within("example.com/host"))
		b, err := d.GobEncode()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		}
		if !bytes.Equal(first, b) {
			t.Fatalf("another order gives another fact:\n%q\n%q", first, b)
		}
		again := new(Dealings)
		if err := again.GobDecode(b); err != nil || !reflect.DeepEqual(d, again) {
			t.Fatalf("%+v comes back as %+v (%v)", d, again, err)
		}
	}
	for n := range first {
		if err := new(Dealings).GobDecode(first[:n]); err == nil {
			t.Errorf("no error for %d bytes of %d", n, len(first))
		}
	}
}
