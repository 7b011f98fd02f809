package fanout

import (
	"context"
	"os"
	"strings"
)

// The task asks a service; what it then parses may include a file. The request is what it
// waits for, a guess though it is.
type recorder interface {
	Records(ctx context.Context, zone string) ([]string, error)
}

type parser struct{ count int }

func (p *parser) record(text string) error {
	if name, ok := strings.CutPrefix(text, "include "); ok {
		return p.include(name)
	}
	p.count++
	return nil
}

func (p *parser) include(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return f.Close()
}

func zones(ctx context.Context, r recorder, names []string) {
	for _, name := range names {
		go func() { // want "warning: .*each of names and each waits on the network"
			list, err := r.Records(ctx, name)
			if err != nil || len(list) == 0 {
				return
			}
			p := &parser{}
			_ = p.record(list[0])
		}()
	}
}
