package profile

import (
	"bytes"
	"fmt"
	"regexp"
	"sync"
)

// recordGo is the remedy where a file has nothing to do with a Go program.
const recordGo = ": record that with /debug/pprof, runtime/pprof or -bench"

// withoutNames is what gperftools writes, and Go wrote before 1.9.
const withoutNames = "a CPU profile that holds addresses alone: give it names with go tool pprof -proto PROGRAM FILE"

// magics are beginnings of files that are no Go recordings, with what they are.
var magics = []struct {
	prefix string
	what   string
}{
	{"PERFILE2", "perf.data of Linux perf: record a Go CPU profile instead, or convert it with perf_to_profile"},
	{"FLR\x00", "a Java Flight Recorder file, not of a Go program" + recordGo},
	{"JAVA PROFILE", "a Java heap dump, not of a Go program" + recordGo},
	{"\x14\x00\x00\x00!FastSerialization", "a .NET heap dump, not of a Go program" + recordGo},
	{"Nettrace", "a .NET trace, not of a Go program" + recordGo},
	{"heap_v2/", "a heap profile of jemalloc, not of Go's allocator: record /debug/pprof/heap"},
	{"\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00", withoutNames},
	{"\x00\x00\x00\x00\x03\x00\x00\x00", withoutNames},
	{"heap profile:", "a heap profile as text or of tcmalloc: record /debug/pprof/heap without debug="},
	{"--- heapz", "a heap profile of C++, not of a Go program" + recordGo},
	{"--- contention", "a contention profile as text: record /debug/pprof/mutex or block without debug="},
	{"--- mutex", "a mutex profile as text: record /debug/pprof/mutex without debug="},
	{"--- threadz", "a thread dump of C++, not of a Go program" + recordGo},
	{"threadcreate profile:", "a thread profile as text, which tells nothing about waits: record /debug/pprof/goroutine"},
	{"\x7fELF", "a program, not a profile: run it and record one"},
	{"MZ", "a program, not a profile: run it and record one"},
	{"\xcf\xfa\xed\xfe", "a program, not a profile: run it and record one"},
	{"PK\x03\x04", "a zip archive: unpack it and name the profiles in it"},
	{"\x28\xb5\x2f\xfd", "compressed by zstd: unpack it first"},
	{"BZh", "compressed by bzip2: unpack it first"},
	{"\xfd7zXZ", "compressed by xz: unpack it first"},
	{"version https://git-lfs", "a pointer of Git LFS: fetch the file itself with git lfs pull"},
	{"go test fuzz", "an input of a fuzz test"},
	{"GO PREPROFILE V1", "a profile prepared for the compiler, which holds no times: name the profile it was made from"},
}

// texts are formats without a fixed beginning.
var texts = []struct {
	pattern func() *regexp.Regexp
	what    string
}{
	{lazy(`(?i)^\s*<(!doctype|html|\?xml|svg)`), "a page, not a profile: the address of a profile ends like /debug/pprof/profile?seconds=30"},
	{lazy(`^\s*\{[\s\S]*"(nodes|timeDeltas|cpuProfile)"`), "a profile of V8 (Node.js or a browser), not of a Go program" + recordGo},
	{lazy(`^\s*\{[\s\S]*speedscope`), "a speedscope file: name the profile it was made from"},
	{lazy(`^\s*(\{[\s\S]*"traceEvents"|\[\s*\{[\s\S]*"ph")`), "a trace of Chrome's format: name the Go trace it was made from"},
	{lazy(`^\s*[\[{]`), "JSON, not a profile of a Go program" + recordGo},
	{lazy(`^[^\n\x00]*;[^\n\x00]* \d+\r?\n`), "folded stacks, which hold no lines: name the profile they were made from"},
	{lazy(`^(404|403|401|500|502|503)\b|^Not Found|^Unknown profile`), "an error message of a server, not a profile: check the address"},
	{lazy(`^[[:print:]\s]{3,}$`), "text, not a profile: name what runtime/pprof, go test or /debug/pprof wrote, not what was printed of it"},
}

// lazy compiles a pattern when it is first used, as table is made.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// foreign says what a file is that begins with head, if it is nothing that can
// be used.
func foreign(head []byte) error {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			return fmt.Errorf("%s", m.what)
		}
	}
	for _, t := range texts {
		if t.pattern().Match(head) {
			return fmt.Errorf("%s", t.what)
		}
	}
	return nil
}

// languages are known by the suffixes of their sources.
var languages = []struct{ suffix, language string }{
	{".py", "Python"}, {".js", "JavaScript"}, {".mjs", "JavaScript"}, {".cjs", "JavaScript"}, {".ts", "TypeScript"},
	{".java", "Java"}, {".kt", "Kotlin"}, {".scala", "Scala"}, {".cs", ".NET"}, {".fs", ".NET"}, {".rs", "Rust"}, {".rb", "Ruby"},
	{".php", "PHP"}, {".cc", "C++"}, {".cpp", "C++"}, {".cxx", "C++"}, {".h", "C or C++"}, {".c", "C"}, {".swift", "Swift"}, {".zig", "Zig"},
}
