//go:build unix

package run

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
)

type record struct {
	ID    int      `json:"id"`
	Name  string   `json:"name"`
	Tags  []string `json:"tags"`
	Score float64  `json:"score"`
	Text  string   `json:"text"`
}

func nameOf(line []byte) (string, error) {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		return "", err
	}
	return strings.ToUpper(r.Name), nil
}

func init() { Stateless("nameOf", T_RE(nameOf)) }

func cpuNow() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLines has the CPU time of a JSON line, in a plain loop and run.
func BenchmarkLines(b *testing.B) {
	var text bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&text, `{"id":%d,"name":"name %d","tags":["a","bb"],"score":0.%d,"text":%q}`+"\n", i, i, i, strings.Repeat("x", i%140))
	}
	input := text.String()
	measure := func(b *testing.B, do func(lines string)) {
		lines := strings.Repeat(input, b.N/100_000) + input[:lineEnd(input, b.N%100_000)]
		b.ResetTimer()
		before := cpuNow()
		do(lines)
		b.ReportMetric((cpuNow()-before)/float64(b.N), "cpu-ns/op")
	}
	b.Run("loop", func(b *testing.B) {
		measure(b, func(lines string) {
			var out bytes.Buffer
			w := bufio.NewWriter(&out)
			for s := bufio.NewScanner(strings.NewReader(lines)); s.Scan(); {
				name, err := nameOf(s.Bytes())
				if err != nil {
					b.Fatal(err)
				}
				w.WriteString(name)
				w.WriteByte('\n')
			}
		})
	})
	for _, kind := range []string{"serial", "cpu", "auto", "io"} {
		b.Run(kind, func(b *testing.B) {
			measure(b, func(lines string) {
				if _, last, status := runOver(b, Config{Stages: []string{"nameOf"}, Executor: kind}, lines); status != exitDone {
					b.Fatal(last.Report.Stopped)
				}
			})
		})
	}
}

func lineEnd(text string, n int) int {
	at := 0
	for range n {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	return at
}
