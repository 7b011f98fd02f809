package knowledge

import (
	"fmt"
	"strconv"
	"strings"
)

// An Executor is a decoded executor line.
type Executor struct {
	Task   int
	Limit  string // none, cores, found, const, arg, set, new, field
	Arg    int    // const: the number; arg, new: the position
	Name   string // set: method; new: constructor; field: field
	Blocks bool
	Each   bool
	Wait   string
}

// Executor returns the executor that s hands its argument to, or nil.
func (b *Base) Executor(s Symbol) *Executor {
	return decoded(b, "executor", s, parseExecutor)
}

// Sizes reports which argument of the function says how large the pool is that it
// makes or, of a method, how many tasks the group runs at once.
func (b *Base) Sizes(s Symbol) (arg int, group, ok bool) {
	sec := b.section(s.Path)
	if sec == nil {
		return 0, false, false
	}
	path := unversioned(s.Path) + "."
	for k, text := range sec.lines {
		if k.verb != "executor" || !strings.HasPrefix(k.symbol, path) {
			continue
		}
		x, err := parseExecutor(split(text).attrs)
		switch {
		case err != nil:
		case x.Limit == "new" && s.Type == "" && x.Name == s.Name:
			return x.Arg, false, true
		case x.Limit == "set" && x.Name == s.Name && strings.HasPrefix(k.symbol, path+s.Type+"."):
			return 0, true, true
		case x.Limit == "arg" && k.symbol == path+s.Name && s.Type == "":
			return x.Arg, false, true
		}
	}
	return 0, false, false
}

// IsSemaphore reports whether the type has methods that take and give back
// tokens.
func (b *Base) IsSemaphore(path, name string) bool {
	sec := b.section(path)
	if sec == nil {
		return false
	}
	prefix := unversioned(path) + "." + name + "."
	var takes, gives bool
	for k, text := range sec.lines {
		if k.verb == "limiter" && strings.HasPrefix(k.symbol, prefix) {
			attrs := split(text).attrs
			takes, gives = takes || attrs == "acquire", gives || attrs == "release"
		}
	}
	return takes && gives
}

func parseExecutor(attrs string) (*Executor, error) {
	x := &Executor{Task: None, Limit: "none"}
	for word := range strings.FieldsSeq(attrs) {
		name, value, _ := strings.Cut(word, "=")
		var err error
		switch name {
		case "task":
			x.Task, err = argument(value)
		case "limit":
			err = x.parseLimit(value)
		case "blocks":
			x.Blocks = true
		case "each":
			x.Each = true
		case "wait":
			x.Wait = value
		default:
			err = fmt.Errorf("unknown word")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %v", word, err)
		}
	}
	if x.Task == None {
		return nil, fmt.Errorf("no task=N")
	}
	return x, nil
}

func (x *Executor) parseLimit(value string) (err error) {
	kind, arg, _ := strings.Cut(value, ":")
	x.Limit = kind
	switch kind {
	case "none", "cores", "found":
		return nil
	case "const":
		if x.Arg, err = strconv.Atoi(arg); err == nil && x.Arg <= 0 {
			err = fmt.Errorf("want a positive number")
		}
		return err
	case "arg":
		x.Arg, err = argument(arg)
		return err
	case "set", "field":
		if x.Name = arg; arg == "" {
			return fmt.Errorf("want a name")
		}
		return nil
	case "new":
		name, n, _ := strings.Cut(arg, "#")
		if x.Name = name; name == "" {
			return fmt.Errorf("want FUNC#N")
		}
		x.Arg, err = argument(n)
		return err
	}
	return fmt.Errorf("unknown limit")
}
