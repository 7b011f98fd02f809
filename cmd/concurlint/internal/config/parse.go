package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/concurlint/concurlint/analyzers/settings"
)

// A reader reads one file. Of several mistakes the first is told.
type reader struct {
	file  string
	rules []string
	out   Config
	err   error
}

// keys are what a file may say, each with what reads its value.
var keys = map[string]func(r *reader, key, value *yaml.Node){
	"rules":      (*reader).readRules,
	"severity":   flagOf(severity),
	"fail-on":    flagOf(severity),
	"confidence": flagOf(probability),
	"tests":      flagOf(boolean),
	"knowledge":  flagOf(file),
	"baseline":   flagOf(file),
	"severities": (*reader).readCaps,
	"exclude":    (*reader).readExclusions,
}

func parse(name string, text []byte, rules []string) (*Config, error) {
	r := &reader{file: name, rules: rules}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return &r.out, nil // comments alone
	case err != nil:
		return nil, fmt.Errorf("%s:%s", name, syntax(err))
	}
	if dec.Decode(new(yaml.Node)) != io.EOF {
		return nil, fmt.Errorf("%s: more than one document; the first --- is enough", name)
	}
	r.mapping(doc.Content[0], "", keys)
	if r.err != nil {
		return nil, r.err
	}
	return &r.out, nil
}

// syntax is an error of the YAML reader in our form: "3: did not find …".
func syntax(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := regexp.MustCompile(`^line (\d+): (.*)$`).FindStringSubmatch(text); m != nil {
		return m[1] + ": " + m[2]
	}
	return " " + text
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s:%d:%d: %s", r.file, n.Line, n.Column, fmt.Sprintf(format, args...))
	}
}

// mapping reads the keys of a mapping, each at most once.
func (r *reader) mapping(n *yaml.Node, in string, known map[string]func(r *reader, key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		if n.Tag != "!!null" {
			r.fail(n, "want keys and values%s, such as severity: note", in)
		}
		return
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content) && r.err == nil; i += 2 {
		key := n.Content[i]
		read, ok := known[key.Value]
		switch {
		case !ok:
			r.fail(key, "unknown key %q%s; want %s", key.Value, in, orList(known))
		case seen[key.Value]:
			r.fail(key, "key %q stands here twice", key.Value)
		default:
			seen[key.Value] = true
			read(r, key, n.Content[i+1])
		}
	}
}

func orList[T any](known map[string]T) string {
	var names []string
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// flagOf reads the value of a flag of the key's name.
func flagOf(check func(r *reader, n *yaml.Node) string) func(r *reader, key, value *yaml.Node) {
	return func(r *reader, key, value *yaml.Node) {
		if value.Kind != yaml.ScalarNode {
			r.fail(value, "%s is one value", key.Value)
			return
		}
		r.set(key, key.Value, check(r, value))
	}
}

func (r *reader) set(at *yaml.Node, flag, text string) {
	r.out.Values = append(r.out.Values, Value{flag, text, at.Line, at.Column})
}

func severity(r *reader, n *yaml.Node) string {
	var s settings.Severity
	if err := s.Set(n.Value); err != nil {
		r.fail(n, "%q is no severity; %v", n.Value, err)
	}
	return n.Value
}

func probability(r *reader, n *yaml.Node) string {
	if x, err := strconv.ParseFloat(n.Value, 64); err != nil || !(x >= 0 && x <= 1) {
		r.fail(n, "%q is no probability; want 0 to 1", n.Value)
	}
	return n.Value
}

func boolean(r *reader, n *yaml.Node) string {
	if n.Tag != "!!bool" {
		r.fail(n, "want true or false, have %q", n.Value)
	}
	return n.Value
}

// file is named relative to the configuration's directory.
func file(r *reader, n *yaml.Node) string {
	if n.Value == "" {
		r.fail(n, "want the name of a file")
	}
	if filepath.IsAbs(n.Value) {
		return n.Value
	}
	return filepath.Join(filepath.Dir(r.file), filepath.FromSlash(n.Value))
}

// readRules reads which rules are on; the words of YAML's first version count.
func (r *reader) readRules(key, value *yaml.Node) {
	if value.Kind != yaml.MappingNode {
		r.fail(value, "want a rule and on or off on each line, such as lockio: off")
		return
	}
	var on, off []string
	seen := make(map[string]bool)
	for i := 0; i+1 < len(value.Content); i += 2 {
		name, word := value.Content[i], value.Content[i+1]
		r.rule(name)
		if seen[name.Value] {
			r.fail(name, "rule %s stands here twice", name.Value)
		}
		seen[name.Value] = true
		switch word.Value {
		case "on", "true":
			on = append(on, name.Value)
		case "off", "false":
			off = append(off, name.Value)
		default:
			r.fail(word, "rule %s is %q; want on or off", name.Value, word.Value)
		}
	}
	if len(on) > 0 {
		r.set(key, "enable", strings.Join(on, ","))
	}
	if len(off) > 0 {
		r.set(key, "disable", strings.Join(off, ","))
	}
}

func (r *reader) rule(n *yaml.Node) {
	if !slices.Contains(r.rules, n.Value) {
		r.fail(n, "no rule %q; want one of %s", n.Value, strings.Join(r.rules, ", "))
	}
}

func (r *reader) readCaps(_, value *yaml.Node) {
	r.each(value, func(item *yaml.Node) {
		limit := Cap{AtMost: -1}
		known := r.scopeKeys(&limit.Scope)
		known["at-most"] = func(r *reader, _, n *yaml.Node) {
			severity(r, n)
			limit.AtMost.Set(n.Value)
		}
		r.mapping(item, " in severities", known)
		if limit.AtMost < 0 {
			r.fail(item, "an entry of severities needs at-most: note or warning")
		}
		r.scope(item, limit.Scope)
		r.out.Caps = append(r.out.Caps, limit)
	})
}

func (r *reader) readExclusions(_, value *yaml.Node) {
	r.each(value, func(item *yaml.Node) {
		var x Exclusion
		known := r.scopeKeys(&x.Scope)
		known["reason"] = func(_ *reader, _, n *yaml.Node) { x.Reason = strings.TrimSpace(n.Value) }
		r.mapping(item, " in exclude", known)
		if x.Reason == "" {
			r.fail(item, "an entry of exclude needs a reason")
		}
		r.scope(item, x.Scope)
		r.out.Outs = append(r.out.Outs, x)
	})
}

func (r *reader) each(list *yaml.Node, read func(*yaml.Node)) {
	if list.Kind != yaml.SequenceNode {
		r.fail(list, "want a list, each entry after a dash")
		return
	}
	for _, item := range list.Content {
		read(item)
	}
}

func (r *reader) scopeKeys(s *Scope) map[string]func(r *reader, key, value *yaml.Node) {
	return map[string]func(r *reader, key, value *yaml.Node){
		"path": func(r *reader, key, n *yaml.Node) {
			s.Path, s.Line = strings.TrimPrefix(n.Value, "./"), key.Line
			if _, err := path.Match(s.Path, ""); err != nil {
				r.fail(n, "%q is no pattern: %v", n.Value, err)
			}
		},
		"rules": func(r *reader, _, n *yaml.Node) {
			r.each(n, func(item *yaml.Node) {
				r.rule(item)
				s.Rules = append(s.Rules, item.Value)
			})
		},
	}
}

func (r *reader) scope(item *yaml.Node, s Scope) {
	if s.Path == "" {
		r.fail(item, "an entry needs a path, such as internal/legacy/...")
	}
}
