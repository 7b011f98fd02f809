package profile

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// foreignPprof is a profile of functions in files with the given suffix.
func foreignPprof(suffix, name string, values ...*profile.ValueType) []byte {
	p := &profile.Profile{SampleType: values}
	if values == nil {
		p.SampleType = []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}
	}
	if name != "" {
		f := &profile.Function{ID: 1, Name: name, Filename: "/x/y" + suffix}
		p.Function = []*profile.Function{f}
		p.Location = []*profile.Location{{ID: 1, Address: 1, Line: []profile.Line{{Function: f, Line: 1}}}}
	} else {
		p.Location = []*profile.Location{{ID: 1, Address: 1}}
	}
	p.Sample = []*profile.Sample{{Value: []int64{1}, Location: p.Location}}
	var buf bytes.Buffer
	p.Write(&buf)
	return buf.Bytes()
}

func TestRefused(t *testing.T) {
	good := made("samples/count cpu/nanoseconds", cpuPeriod, map[string][]int64{"main.work < main.main": {1, 10e6}})
	plain := unpacked(good)
	flipped := bytes.Clone(good)
	flipped[len(flipped)-6]++ // in the checksum
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":           {nil, "empty"},
		"empty gzip":      {packed(nil), "empty"},
		"header alone":    {[]byte("\x1f\x8b"), "gzip header"},
		"cut gzip":        {good[:len(good)/2], "cut short"},
		"cut footer":      {good[:len(good)-3], "cut short"},
		"checksum":        {flipped, "damaged"},
		"cut":             {plain[:len(plain)-3], "damaged"},
		"noise":           {[]byte("\x00\x01\x02\x03"), "no profile or trace"},
		"words":           {[]byte("hello, world"), "text, not a profile"},
		"coverage":        {[]byte("mode: set\nexample.com/x/a.go:3.2,4.5 1 1\n"), "text, not a profile"},
		"printed":         {[]byte("File: app\nType: cpu\nShowing nodes accounting for 1.10s, 100% of 1.10s total\n"), "text, not a profile"},
		"concatenated":    {append(bytes.Clone(good), good...), "-profile for each"},
		"wrapped often":   {packed(packed(packed(good))), "no profile or trace"},
		"later Go":        {[]byte("go 1.99 trace" + strings.Repeat("\x00", 99)), "update concurlint"},
		"early Go":        {[]byte("go 1.5 trace" + strings.Repeat("\x00", 99)), "Go 1.11 or later"},
		"page":            {[]byte("<!DOCTYPE html><html>"), "/debug/pprof/profile"},
		"node":            {[]byte(`{"nodes":[{"id":1}],"startTime":1,"timeDeltas":[]}`), "Node.js"},
		"speedscope":      {[]byte(`{"$schema":"https://www.speedscope.app/file-format-schema.json"}`), "speedscope"},
		"chrome":          {[]byte(`{"traceEvents":[]}`), "Chrome"},
		"json":            {[]byte(`{"a":1}`), "JSON"},
		"perf":            {[]byte("PERFILE2\x00\x01"), "perf"},
		"jfr":             {[]byte("FLR\x00\x00\x02"), "Java"},
		"hprof":           {[]byte("JAVA PROFILE 1.0.2\x00"), "Java"},
		"dotnet's heap":   {[]byte("\x14\x00\x00\x00!FastSerialization.1"), ".NET heap dump"},
		"dotnet":          {[]byte("Nettrace\x14\x00"), ".NET"},
		"jemalloc":        {[]byte("heap_v2/524288\n  t*: 1: 2 [0: 0]\n"), "jemalloc"},
		"tcmalloc":        {[]byte("heap profile: 1: 2 [ 1: 2] @ heap/1048576\n"), "tcmalloc"},
		"gperftools":      {[]byte("\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00"), "-proto"},
		"gperftools 32":   {[]byte("\x00\x00\x00\x00\x03\x00\x00\x00\x01\x00\x00\x00"), "-proto"},
		"folded":          {[]byte("main;work 10\n"), "folded"},
		"program":         {[]byte("\x7fELF\x02"), "a program"},
		"zip":             {[]byte("PK\x03\x04"), "zip"},
		"lfs":             {[]byte("version https://git-lfs.github.com/spec/v1\n"), "git lfs pull"},
		"python":          {foreignPprof(".py", "work"), "Python program: record"},
		"python's values": {foreignPprof(".py", "work", &profile.ValueType{Type: "cpu-samples", Unit: "count"}), "Python program: record"},
		"java":            {foreignPprof(".java", "com.example.Main.work"), "Java"},
		"rust":            {foreignPprof(".rs", "core::fmt::write"), "Rust"},
		"c++":             {foreignPprof(".cc", "std::sort"), "C++"},
		"unknown":         {foreignPprof("", "work"), "another program"},
		"stripped":        {foreignPprof("", ""), "no function names"},
		"other values":    {made("requests/count", nil, map[string][]int64{"main.main": {1}}), "requests/count"},
		"not found":       {[]byte("404 page not found\n"), "server"},
		"compiler's":      {[]byte("GO PREPROFILE V1\n"), "compiler"},
		"missing samples": {append(bytes.Clone(plain), 0x12, 2, 0x08, 0x7f), "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readBytes(c.data)
			if err == nil || !strings.HasPrefix(err.Error(), "x: ") || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v; want a line with %q", err, c.want)
			}
		})
	}
}
