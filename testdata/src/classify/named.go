package classify

import (
	"fmt"

	"classify/names"
)

// A variable of another package that holds one function does what the function does.

// class: light none
func namedLight(n int) error {
	names.Logf("%s of %s", names.Near(n), names.Upper(names.Name()))
	return names.Errorf("no %s", names.Made("it"))
}

// class: io net
func namedStandard(url string) error {
	_, err := names.Get(url)
	return err
}

// class: io net
func namedFar(url string) error { return names.Reach(url) }

// class: io net
func namedLiteral(url string) error { return names.Look(url) }

// class: io net
func namedMethod() error { return names.Pull() }

// class: io net
func namedWith(urls []string) { names.Each(urls, namedFar) }

// class: io net
func namedAsValue(list []string) error { return each(list, names.Look) }

// class: unknown none
func namedAgain(s string) string { return names.Again(s) }

// class: unknown none
func namedLent(s string) string { return names.Lent(s) }

// class: unknown none
func namedHook(s string) { names.OnDone(s) }

// class: unknown none
func namedUnset(s string) { names.Unset(s) }

// Exported here, it is what the package says, too.
var Describe = fmt.Sprint

// class: light none
func namedHere(n int) string { return Describe(n) }

// Onward gives it another name once more.
var Onward = names.Errorf

// class: light none
func namedOnward() error { return Onward("no") }
