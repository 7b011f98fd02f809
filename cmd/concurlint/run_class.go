package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/harness"
)

// A class is what the analyzers know of a function.
type class struct {
	Function string `json:"function"`
	Class    string `json:"class"`
	Why      string `json:"why"`
}

// classesOf asks the analyzers, or takes what they said of the same code when
// the harness was built. Without an answer the pilot decides alone.
func classesOf(ctx context.Context, opts *options, stderr io.Writer, p *plan) []class {
	memo := filepath.Join(filepath.Dir(p.harness.Path), "classes-"+opts.hash+".json")
	var list []class
	if text, err := os.ReadFile(memo); err == nil && json.Unmarshal(text, &list) == nil && p.are(list) {
		return list
	}
	list = nil
	for _, fn := range p.functions {
		list = append(list, classOf(ctx, opts, stderr, fn.Name))
	}
	if ctx.Err() != nil {
		return list
	}
	if text, err := json.Marshal(list); err == nil {
		os.WriteFile(memo, text, 0o666)
	}
	return list
}

// are reports whether the classes are those of the functions, one for each: a
// harness serves its functions in any order, and one of them twice.
func (p *plan) are(list []class) bool {
	return slices.EqualFunc(list, p.functions, func(c class, fn *harness.Function) bool { return c.Function == fn.Name })
}

func classOf(ctx context.Context, opts *options, stderr io.Writer, name string) class {
	c := class{Function: name, Class: "unknown"}
	dot := strings.LastIndexByte(name, '.')
	path, fn := name[:dot], name[dot+1:]
	if e := opts.base.Effect(symbol(path, fn)); e != nil {
		c.Class, c.Why = "light", strings.Join(known(e), "; ")
		switch {
		case len(e.Kinds) > 0:
			c.Class = "io"
		case e.CPU == "heavy":
			c.Class = "cpu"
		}
		return c
	}
	list, _, err := classified(ctx, opts, stderr, []string{path})
	if err != nil {
		return c
	}
	for _, f := range list {
		if f.Package == path && plain(f.Function.Function) == fn {
			c.Class, c.Why = f.Class, strings.Join(reasons(f), "; ")
		}
	}
	return c
}
