#!/bin/sh
# vettool.sh MODULE_DIR [RUNS [PACKAGES]] compares concurlint as a vettool with
# go vet and with a vettool that does nothing, cold: the build cache is warm and
# there are no results of the tool. Prints the median wall and CPU seconds, the
# size of the facts, and the ratios to the do-nothing vettool.
#
# Random bytes at the end of a copy of the tool make it new to the go command;
# go vet's own tool is told apart by its flags instead. Needs bash-less sh, GNU
# time and findutils. Facts are measured in the work folder that one run keeps.
set -eu
dir=$1 runs=${2:-3} packages=${3:-./...}
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
(cd "$here/../.." && CGO_ENABLED=0 go build -ldflags='-s -w' -o "$tmp/floor.bin" ./testdata/bench/floor &&
	CGO_ENABLED=0 go build -ldflags='-s -w' -o "$tmp/concurlint.bin" ./cmd/concurlint)
cd "$dir"
go vet "$packages" >/dev/null 2>&1 || true # fills the build cache

# cold NAME EXTRA_FLAG...: one cold run, appends "wall cpu" to NAME.txt
cold() {
	name=$1
	shift
	case $name in
	govet) set -- "$@" "-printf.funcs=nosuch$(date +%s%N)" ;;
	*)
		cp "$tmp/$name.bin" "$tmp/$name"
		head -c 16 /dev/urandom >>"$tmp/$name"
		set -- "$@" "-vettool=$tmp/$name"
		;;
	esac
	env time -f '%e %U %S' -o "$tmp/time" go vet "$@" "$packages" >"$tmp/out" 2>&1 || true
	tail -1 "$tmp/time" | awk '{ print $1, $2 + $3 }' >>"$tmp/$name.txt"
}

# facts NAME: the bytes of all facts
facts() {
	cp "$tmp/$1.bin" "$tmp/$1"
	head -c 16 /dev/urandom >>"$tmp/$1"
	GOTMPDIR=$tmp go vet -work -vettool="$tmp/$1" "$packages" >"$tmp/out" 2>&1 || true
	work=$(sed -n 's/^WORK=//p' "$tmp/out" | head -1)
	find "$work" -name vet.out -printf '%s\n' | awk '{ s += $1 } END { print s + 0 }'
	rm -rf "$work"
}

# median NAME COLUMN
median() {
	awk -v c="$2" '{ print $c }' "$tmp/$1.txt" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

i=0
while [ "$i" -lt "$runs" ]; do # taking turns, so that a busy machine disturbs all alike
	for name in govet floor concurlint; do cold "$name"; done
	i=$((i + 1))
done
base=$(facts floor)
for name in govet floor concurlint; do
	bytes=0
	case $name in floor) bytes=$base ;; concurlint) bytes=$(facts concurlint) ;; esac
	echo "$name $(median "$name" 1) $(median "$name" 2) $bytes"
done | awk '
	{ name[NR] = $1; wall[NR] = $2; cpu[NR] = $3; facts[NR] = $4 }
	END {
		printf "%-12s %8s %8s %12s %10s %10s %10s\n", "tool", "wall s", "CPU s", "facts bytes", "wall ratio", "CPU ratio", "facts ratio"
		for (i = 1; i <= NR; i++)
			printf "%-12s %8.2f %8.2f %12d %10.2f %10.2f %10.2f\n", name[i], wall[i], cpu[i], facts[i], wall[i] / wall[2], cpu[i] / cpu[2], facts[i] / facts[2]
	}'
