#!/bin/sh
# What concurlint run costs for each input: a function that returns its
# argument, over lines of text.
#
#	testdata/bench/run.sh [inputs [runs]]     by default 1000000 and 5
#
# Prints for each way to run it the median time per input, and the most memory
# that any process of the run held. MODE=gigabyte streams 1 GB of long lines
# instead.
set -eu

inputs=${1:-1000000}
runs=${2:-5}
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

go build -C "$root" -o "$work/concurlint" ./cmd/concurlint
mkdir "$work/same"
cat > "$work/same/go.mod" <<END
module example.com/same

go 1.26
END
cat > "$work/same/same.go" <<END
package same

func Same(s string) string { return s }

func Length(s string) int { return len(s) }
END
cd "$work/same"

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# measure NAME FLAG... runs it and prints a line.
measure() {
	name=$1
	shift
	: > "$work/times"
	: > "$work/sizes"
	for i in $(seq "$runs"); do
		rm -f "$work/journal"
		"$work/concurlint" run -events "$work/events" "$@" < "$work/inputs" 2> "$work/log" > "$work/results" &
		pid=$!
		most=0
		while kill -0 $pid 2> /dev/null; do
			for p in $pid $(cat /proc/$pid/task/*/children 2> /dev/null || true); do
				rss=$(awk '/^VmHWM/ {print $2}' /proc/$p/status 2> /dev/null || true)
				[ "${rss:-0}" -gt $most ] && most=$rss
			done
			sleep 0.1
		done
		wait $pid
		tail -n 1 "$work/events" | sed 's/.*"elapsed":\([0-9.e+-]*\),"done":\([0-9]*\),.*/\1 \2/' | awk '{print 1e9 * $1 / $2}' >> "$work/times"
		echo $most >> "$work/sizes"
	done
	printf '%-24s %8.0f ns/input %8.0f MB\n' "$name" "$(median < "$work/times")" "$(awk '{if ($1 > m) m = $1} END {print m / 1024}' "$work/sizes")"
}

if [ "${MODE:-}" = gigabyte ]; then
	(head -c 1048575 /dev/zero | tr '\0' x; echo) > "$work/line"
	for i in $(seq 1024); do cat "$work/line"; done > "$work/inputs"
	measure "1 GB, 1 MiB lines" .Length
	exit
fi

seq "$inputs" > "$work/inputs"
measure "in process" .Same
cmp "$work/inputs" "$work/results"
measure "in process, unordered" -unordered .Same
measure "serial" -executor serial .Same
measure "journal" -journal "$work/journal" .Same
cmp "$work/inputs" "$work/results"
measure "worker processes" -executor process .Same
cmp "$work/inputs" "$work/results"
