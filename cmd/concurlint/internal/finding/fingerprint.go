package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Number gives the sorted findings their fingerprints: a hash of rule, package,
// function, kind, message and the text of the line, which the function line
// returns. Neither lines nor files play a part, so that a finding keeps its
// fingerprint while code moves, functions change their order and files their
// names. Only findings that have all of these in common are numbered: an ordinal
// among findings that differ would go to whichever is inserted above the others.
func Number(list []Finding, line func(file string, n int) string) {
	seen := make(map[string]int)
	for i := range list {
		f := &list[i]
		key := strings.Join([]string{f.Rule, f.Package, f.Function, f.Kind, placeless(f.Message), spaceless(line(f.File, f.Line))}, "\x00")
		seen[key]++
		sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(seen[key])))
		f.Fingerprint = hex.EncodeToString(sum[:16])
	}
}

// place matches the file and line by which a message names a literal.
var place = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^\s():]+\.go:\d+(:\d+)?`) })

// placeless is a message without the places in it.
func placeless(message string) string { return place().ReplaceAllString(message, "") }

// spaceless is a line as it stays when gofmt aligns or indents it anew.
func spaceless(text string) string { return strings.Join(strings.Fields(text), " ") }
