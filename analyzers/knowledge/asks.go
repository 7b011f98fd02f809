package knowledge

import (
	"fmt"
	"strconv"
	"strings"
)

// Asks is a decoded asks line: which methods of its arguments a function calls before it
// returns.
type Asks struct {
	List   []Ask
	Format int // argument that says by its verbs who is asked, or None
}

// An Ask is one method of one argument. Of those of the same argument the first that it has
// is called.
type Ask struct {
	Arg    int
	Rest   bool // and of all arguments behind it
	Method string
	Params int // how many parameters the method has
}

// Asks returns which methods of its arguments the function s calls, or nil.
func (b *Base) Asks(s Symbol) *Asks {
	return decoded(b, "asks", s, parseAsks)
}

func parseAsks(attrs string) (*Asks, error) {
	a := &Asks{Format: None}
	for word := range strings.FieldsSeq(attrs) {
		var err error
		if n, ok := strings.CutPrefix(word, "format="); ok {
			a.Format, err = argument(n)
		} else {
			arg, method, _ := strings.Cut(word, ".")
			method, params, has := strings.Cut(method, "/")
			ask := Ask{Rest: strings.HasSuffix(arg, "*"), Method: method}
			ask.Arg, err = strconv.Atoi(strings.TrimSuffix(arg, "*"))
			if has && err == nil {
				ask.Params, err = strconv.Atoi(params)
			}
			if err != nil || ask.Arg < 0 || method == "" {
				err = fmt.Errorf("want an argument and a method such as 0.String")
			}
			a.List = append(a.List, ask)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %v", word, err)
		}
	}
	if len(a.List) == 0 {
		return nil, fmt.Errorf("want an argument and a method such as 0.String")
	}
	return a, nil
}
