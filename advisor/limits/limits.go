// Package limits tells how many files and how much memory the system lets a
// process of this machine have, and what it has of them.
package limits

import (
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// Own are the limits of this process and of the Go programs that it starts: the
// runtime raises the soft limit of files to the hard one in both, and they are of
// the same control group. What these programs hold is not known beforehand.
func Own() profile.Limits {
	own := profile.Limits{Memory: memory(os.Getenv("GOMEMLIMIT"), "self")}
	if most, ok := openFiles(); ok {
		own.Files = profile.Room{Max: most, By: "ulimit -Hn of this machine"}
	}
	return own
}

// memory is the least of what bounds a process: GOMEMLIMIT as its environment has
// it, its control group, the machine.
func memory(goMemLimit, proc string) (least profile.Room) {
	for _, r := range []profile.Room{
		{Max: parseMemLimit(goMemLimit), By: "GOMEMLIMIT"},
		{Max: groupMemory(proc), By: "the control group"},
		{Max: machineMemory(), By: "the memory of the machine"},
	} {
		if r.Max > 0 && (least.Max == 0 || r.Max < least.Max) {
			least = r
		}
	}
	return least
}

// parseMemLimit reads GOMEMLIMIT as the runtime does: bytes, with one of the units B,
// KiB, MiB, GiB and TiB or none. It is 0 where that is no limit.
func parseMemLimit(s string) int64 {
	number := strings.TrimSuffix(s, "B")
	shift := 0
	if rest, ok := strings.CutSuffix(number, "i"); ok && rest != "" && number != s {
		power := strings.IndexByte("KMGT", rest[len(rest)-1])
		if power < 0 {
			return 0
		}
		number, shift = rest[:len(rest)-1], 10*(power+1)
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 || n > math.MaxInt64>>shift || n<<shift == math.MaxInt64 {
		return 0
	}
	return n << shift
}
