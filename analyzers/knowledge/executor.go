package knowledge

import (
	"fmt"
	"strconv"
	"strings"
)

// An Executor is a decoded executor line.
type Executor struct {
	Task   int
	Limit  string // none, cores, const, arg, set, new, field
	Arg    int    // const: the number; arg, new: the position
	Name   string // set: method; new: constructor; field: field
	Blocks bool
	Each   bool
	Wait   string
}

// Executor returns the executor that s hands its argument to, or nil.
func (b *Base) Executor(s Symbol) *Executor {
	l, ok := b.find("executor", s)
	if !ok {
		return nil
	}
	x, err := parseExecutor(l.attrs)
	if err != nil {
		return nil
	}
	return x
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
	case "none", "cores":
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
