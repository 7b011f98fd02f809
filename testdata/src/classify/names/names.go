// Package names has functions under other names, in variables.
package names

import (
	"fmt"
	"log"
	"net/http"

	"classify/names/deep"
)

// What stands here is not set anywhere else in the package.
var (
	Errorf = fmt.Errorf
	Logf   = log.Printf
	Get    = http.Get
	Upper  = deep.Upper
	Reach  = deep.Reach
	Each   = deep.Each
	Look   = func(url string) error { return deep.Reach(url) }
	Near   = near
	Pull   = plug.Pull
	Name   = plug.Name
)

var plug = &deep.Plug{}

func near(n int) string { return fmt.Sprint(n) }

// Made is filled once, by init.
var Made func(string) string

// Others are set again, or lent, or are there to be set.
var (
	Again  = deep.Upper
	Lent   = deep.Upper
	OnDone = func(string) {}
	Unset  func(string)
)

func init() { Made = deep.Upper }

// Replace has it do something else.
func Replace(f func(string) string) { Again = f }

// Slot lends the variable.
func Slot() *func(string) string { return &Lent }
