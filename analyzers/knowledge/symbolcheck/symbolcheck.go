// Package symbolcheck checks knowledge lines against the real packages: every
// symbol exists, and every argument position fits what the line says of it.
package symbolcheck

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// A Line is one line of a knowledge file.
type Line struct {
	Pos    string // file:line
	Verb   string
	Symbol string
	Words  []string
}

// Lines splits the text of a knowledge file.
func Lines(name, text string) []Line {
	var lines []Line
	n := 0
	for l := range strings.Lines(text) {
		n++
		l, _, _ = strings.Cut(l, "|")
		f := strings.Fields(l)
		if len(f) == 0 || f[0][0] == '#' {
			continue
		}
		line := Line{Pos: fmt.Sprintf("%s:%d", name, n), Verb: f[0]}
		if len(f) > 1 {
			line.Symbol, line.Words = f[1], f[2:]
		}
		lines = append(lines, line)
	}
	return lines
}

// A Finder returns the package of an import path, or nil.
type Finder func(path string) *types.Package

// Check reports what is wrong with the line, prefixed with its position.
func Check(l Line, find Finder) error {
	if err := check(l, find); err != nil {
		return fmt.Errorf("%s: %s %s: %w", l.Pos, l.Verb, l.Symbol, err)
	}
	return nil
}

func check(l Line, find Finder) error {
	symbol, param, hasParam := strings.Cut(l.Symbol, "#")
	obj, err := resolve(symbol, find)
	if err != nil {
		return err
	}
	if obj == nil { // a pattern
		return nil
	}
	if hasParam {
		if l.Verb != "loop" {
			return fmt.Errorf("#%s: only a loop line names a parameter", param)
		}
		return checkArg(obj, param, isCallable, "a function")
	}
	switch l.Verb {
	case "loop":
		return checkLoop(obj)
	case "effect":
		return checkEffect(obj, l.Words)
	case "request":
		if _, ok := obj.(*types.TypeName); !ok {
			return fmt.Errorf("is not a type")
		}
		return nil
	}
	fn, ok := obj.(*types.Func)
	if !ok {
		return fmt.Errorf("is not a function")
	}
	switch l.Verb {
	case "executor":
		return checkExecutor(fn, l.Words)
	case "asks":
		return checkAsks(fn, l.Words)
	}
	return nil
}

// checkAsks wants arguments that the function has, and all behind one where it takes any
// number of them.
func checkAsks(fn *types.Func, words []string) error {
	params := fn.Signature().Params()
	for _, w := range words {
		arg, _, _ := strings.Cut(strings.TrimPrefix(w, "format="), ".")
		n, err := strconv.Atoi(strings.TrimSuffix(arg, "*"))
		if err != nil || n >= params.Len() {
			return fmt.Errorf("%s: there is no argument %s", w, arg)
		}
		if strings.HasSuffix(arg, "*") && !(fn.Signature().Variadic() && n == params.Len()-1) {
			return fmt.Errorf("%s: argument %d is one alone", w, n)
		}
	}
	return nil
}

// checkLoop accepts what users implement or fill in.
func checkLoop(obj types.Object) error {
	switch obj := obj.(type) {
	case *types.Func:
		if recv := obj.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
			return nil
		}
	case *types.Var, *types.TypeName:
		if isCallable(obj.Type()) {
			return nil
		}
	}
	return fmt.Errorf("is not an interface method, a func-typed field or a func type")
}

// checkEffect checks the words that name an argument. A variable or a field
// stands for what its value reads or writes.
func checkEffect(obj types.Object, words []string) error {
	if v, ok := obj.(*types.Var); ok && !isCallable(v.Type()) {
		if !isStream(v.Type()) {
			return fmt.Errorf("its value has no Read and no Write method")
		}
		return nil
	}
	if signature(obj) == nil {
		return fmt.Errorf("is not a function, a method, or a func-typed variable or field")
	}
	for _, word := range words {
		name, arg, _ := strings.Cut(word, "=")
		var err error
		switch name {
		case "io", "wraps":
			err = checkArg(obj, arg, isStream, "a reader, a writer or an interface")
		case "calls", "goes":
			err = checkArg(obj, strings.TrimRight(arg, "*?"), isCallable, "a function")
		case "const":
			err = checkArg(obj, arg, isDuration, "a time.Duration")
		case "ctx":
			err = checkCtx(obj)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", word, err)
		}
	}
	return nil
}

func checkExecutor(fn *types.Func, words []string) error {
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		var err error
		switch name {
		case "task":
			err = checkArg(fn, value, isTask, "a function or an interface")
		case "wait":
			err = checkSibling(fn, value)
		case "limit":
			err = checkLimit(fn, value)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", word, err)
		}
	}
	return nil
}

func checkLimit(fn *types.Func, limit string) error {
	kind, rest, _ := strings.Cut(limit, ":")
	switch kind {
	case "arg":
		return checkArg(fn, rest, isInteger, "an integer")
	case "set", "field":
		return checkSibling(fn, rest)
	case "new":
		name, arg, _ := strings.Cut(rest, "#")
		if obj, ok := fn.Pkg().Scope().Lookup(name).(*types.Func); ok {
			return checkArg(obj, arg, isInteger, "an integer")
		}
		return fmt.Errorf("no function %s in %s", name, fn.Pkg().Path())
	}
	return nil
}
