package blockloop

import (
	"net/http"
	"sort"
)

// An interpreter runs whatever a program says: that a program may sort with a comparator of
// its own makes no comparator of all that it can call.
type Interpreter struct {
	globals map[string]*Function
	stack   []*Function
}

// A Function is what others let programs call.
type Function struct{ Body func(*Interpreter) bool }

func newInterpreter() *Interpreter {
	return &Interpreter{globals: map[string]*Function{
		"fetch": {Body: fetchPage},
		"abs":   {Body: quick}, "ceil": {Body: quick}, "floor": {Body: quick}, "max": {Body: quick}, "min": {Body: quick},
		"pow": {Body: quick}, "round": {Body: quick}, "sign": {Body: quick}, "sqrt": {Body: quick}, "trunc": {Body: quick},
	}}
}

func quick(in *Interpreter) bool { return len(in.stack) > 0 }

func fetchPage(in *Interpreter) bool {
	_, err := http.Get("http://page")
	return err == nil
}

type byProgram struct {
	in     *Interpreter
	fn     *Function
	values []int
}

func (b byProgram) Len() int      { return len(b.values) }
func (b byProgram) Swap(i, j int) { b.values[i], b.values[j] = b.values[j], b.values[i] }
func (b byProgram) Less(i, j int) bool {
	b.in.stack = append(b.in.stack, b.fn)
	return b.in.call()
}

func (in *Interpreter) call() bool { return in.run() }

func (in *Interpreter) run() bool { return in.stack[len(in.stack)-1].Body(in) }

func (in *Interpreter) sort(name string, values []int) {
	sort.Sort(byProgram{in, in.globals[name], values})
}

// One that is given the comparator itself calls nothing else.
type byHand struct {
	less   func(a, b int) bool
	values []int
}

func (b byHand) Len() int           { return len(b.values) }
func (b byHand) Swap(i, j int)      { b.values[i], b.values[j] = b.values[j], b.values[i] }
func (b byHand) Less(i, j int) bool { return b.before(i, j) }

func (b byHand) before(i, j int) bool { return b.less(b.values[i], b.values[j]) }

func sortByPage(values []int) {
	sort.Sort(byHand{func(a, b int) bool {
		_, err := http.Get("http://page") // want `warning: .*http.Get waits on the network on sort's loop`
		return err == nil && a < b
	}, values})
}
