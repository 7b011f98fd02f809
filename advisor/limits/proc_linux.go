package limits

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// Of are the limits of a process, and what it holds now. It reports false where
// proc(5) does not show them: it has ended, or belongs to somebody else.
func Of(pid int) (profile.Limits, bool) {
	proc := strconv.Itoa(pid)
	var l profile.Limits
	var ok bool
	// The value of the soft limit is what the runtime has raised it to.
	if l.Files.Max, ok = field(read(proc, "limits"), "Max open files"); !ok {
		return profile.Limits{}, false
	}
	open, err := os.ReadDir(filepath.Join("/proc", proc, "fd"))
	if err != nil {
		return profile.Limits{}, false
	}
	l.Files.Held, l.Files.By = int64(len(open)), fmt.Sprintf("/proc/%s/limits", proc)
	var limit string
	for _, v := range bytes.Split(read(proc, "environ"), []byte{0}) {
		if value, ok := bytes.CutPrefix(v, []byte("GOMEMLIMIT=")); ok {
			limit = string(value)
		}
	}
	l.Memory = memory(limit, proc)
	resident, _ := field(read(proc, "status"), "VmRSS:")
	l.Memory.Held = resident << 10
	return l, true
}

// Serving is the process of this machine that listens on a TCP port and was started
// with the arguments, joined by zero bytes as /debug/pprof/cmdline has them. Whoever
// forwards the port to another machine has others.
func Serving(port int, args string) (pid int, ok bool) {
	sockets := listeners(port)
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range processes {
		proc := filepath.Base(dir)
		if strings.TrimSuffix(string(read(proc, "cmdline")), "\x00") != args {
			continue
		}
		fds, _ := filepath.Glob(dir + "/fd/*")
		for _, fd := range fds {
			if to, err := os.Readlink(fd); err == nil && sockets[to] {
				pid, err = strconv.Atoi(proc)
				return pid, err == nil
			}
		}
	}
	return 0, false
}

// listening is the state of a socket in /proc/net/tcp.
const listening = "0A"

// listeners are the sockets that listen on a port, as links of /proc/PID/fd name them.
func listeners(port int) map[string]bool {
	sockets := map[string]bool{}
	suffix := fmt.Sprintf(":%04X", port)
	for _, table := range []string{"tcp", "tcp6"} {
		for line := range strings.Lines(string(read("net", table))) {
			// sl, local, remote, state, queues, timer, retransmits, uid, timeout, inode
			f := strings.Fields(line)
			if len(f) > 9 && strings.HasSuffix(f[1], suffix) && f[3] == listening {
				sockets["socket:["+f[9]+"]"] = true
			}
		}
	}
	return sockets
}

// read is a file of /proc, nil where it cannot be read.
func read(proc, name string) []byte {
	text, _ := os.ReadFile(filepath.Join("/proc", proc, name))
	return text
}

// field is the first number behind a name at the beginning of a line.
func field(text []byte, name string) (int64, bool) {
	for line := range bytes.Lines(text) {
		rest, ok := bytes.CutPrefix(line, []byte(name))
		if f := bytes.Fields(rest); ok && len(f) > 0 {
			n, err := strconv.ParseInt(string(f[0]), 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}

// machineMemory is all that there is.
func machineMemory() int64 {
	total, _ := field(read("", "meminfo"), "MemTotal:")
	return total << 10
}

// groupMemory is the least limit of a process's control group and those around it, 0
// without any: cgroup v2 has it in memory.max, v1 in memory.limit_in_bytes, where a
// number near the largest says that there is none.
func groupMemory(proc string) (least int64) {
	for line := range strings.Lines(string(read(proc, "cgroup"))) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		root, file := "/sys/fs/cgroup", "memory.max"
		switch controllers {
		case "":
		case "memory":
			root, file = "/sys/fs/cgroup/memory", "memory.limit_in_bytes"
		default:
			continue
		}
		for dir := group; ; dir = filepath.Dir(dir) {
			n := number(filepath.Join(root, dir, file))
			if n > 0 && n < 1<<60 && (least == 0 || n < least) {
				least = n
			}
			if dir == "/" || dir == "." {
				break
			}
		}
	}
	return least
}

// number is that in a file, 0 where there is none.
func number(name string) int64 {
	text, _ := os.ReadFile(name)
	n, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n
}
