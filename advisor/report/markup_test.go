package report

import (
	"fmt"
	"slices"
	"strings"
)

// voids have no end tag; SVG's leaves end in "/>" as written.
var voids = map[string]bool{"meta": true, "link": true, "input": true, "br": true}

// skeleton is the markup of a page without its text and values: each tag with
// the names of its attributes. It fails where a browser would have to guess:
// tags that do not nest, attributes without quotes or said twice, a bare < or &.
func skeleton(page string) (tags []string, err error) {
	var open []string
	for rest := page; rest != ""; {
		text, tag, found := strings.Cut(rest, "<")
		if i := strings.IndexByte(text, '&'); i >= 0 && !entity(text[i:]) {
			return nil, fmt.Errorf("bare & in %q", text)
		}
		if !found {
			break
		}
		name, attrs, after, err := parseTag(tag)
		if err != nil {
			return nil, fmt.Errorf("%w at <%.60s", err, tag)
		}
		rest = after
		switch {
		case name == "!doctype":
		case strings.HasPrefix(name, "/"):
			if len(open) == 0 || open[len(open)-1] != name[1:] {
				return nil, fmt.Errorf("<%s> ends %v", name, open)
			}
			open = open[:len(open)-1]
		case !voids[name] && !slices.Contains(attrs, "/"):
			open = append(open, name)
		}
		tags = append(tags, name+" "+strings.Join(attrs, " "))
		if name == "script" || name == "style" { // raw until its end, whatever it holds
			i := strings.Index(asciiLower(rest), "</"+name)
			if i < 0 {
				return nil, fmt.Errorf("<%s> does not end", name)
			}
			rest = rest[i:]
		}
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("not ended: %v", open)
	}
	return tags, nil
}

// asciiLower keeps the length of what it is given: other letters may have small
// ones of more or fewer bytes.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// entity says whether s begins with a reference; only the first of a text is
// looked at, as the escaper treats all alike.
func entity(s string) bool {
	name, _, found := strings.Cut(s[1:], ";")
	return found && name != "" && len(name) < 8 && !strings.ContainsAny(name, " <&")
}

// parseTag reads a tag behind its <.
func parseTag(s string) (name string, attrs []string, rest string, err error) {
	i := strings.IndexAny(s, " \n\t>")
	if i <= 0 {
		return "", nil, "", fmt.Errorf("no tag")
	}
	name = strings.ToLower(s[:i])
	for s = s[i:]; ; {
		s = strings.TrimLeft(s, " \n\t")
		if after, ok := strings.CutPrefix(s, ">"); ok {
			return name, attrs, after, nil
		}
		end := strings.IndexAny(s, "= >\n\t/")
		if end < 0 || s[end] == '<' {
			return "", nil, "", fmt.Errorf("tag does not end")
		}
		end = max(end, 1) // a lone slash
		attr := s[:end]
		if slices.Contains(attrs, attr) || strings.ContainsAny(attr, `"'<`) {
			return "", nil, "", fmt.Errorf("attribute %q", attr)
		}
		attrs = append(attrs, attr)
		if s = s[end:]; strings.HasPrefix(s, "=") {
			if !strings.HasPrefix(s, `="`) {
				return "", nil, "", fmt.Errorf("attribute %s without quotes", attr)
			}
			value, after, found := strings.Cut(s[2:], `"`)
			if !found || strings.ContainsAny(value, "<") {
				return "", nil, "", fmt.Errorf("value of %s", attr)
			}
			s = after
		}
	}
}
