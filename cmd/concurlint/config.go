package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/config"
)

// noConfig is what -config takes to do without a file.
const noConfig = "off"

// configured are the flags that a configuration may set, in the order in which the
// effective values are shown.
var configured = []string{"enable", "disable", "severity", "fail-on", "confidence", "tests", "knowledge", "baseline"}

// configure gives those flags of cmd their values from the configuration that the
// command line does not give. Flags that exclude each other stay apart: who names a
// revision or writes a baseline has said what is known.
func (o *options) configure(cmd *command, set *flag.FlagSet) error {
	if !slices.Contains(cmd.flags, "config") || o.configFile == noConfig {
		return nil
	}
	name, err := o.configName()
	if err != nil || name == "" {
		return err
	}
	c, err := config.Read(name, ruleNames())
	if err != nil {
		return err
	}
	o.config, o.origin = c, make(map[string]string)
	given := make(map[string]bool)
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for _, v := range c.Values {
		superseded := v.Flag == "baseline" && (o.newFrom != "" || o.write != "")
		if given[v.Flag] || superseded || !slices.Contains(cmd.flags, v.Flag) {
			continue
		}
		at := fmt.Sprintf("%s:%d:%d", name, v.Line, v.Column)
		if err := set.Set(v.Flag, v.Text); err != nil {
			return fmt.Errorf("%s: %s: %v", at, v.Flag, err)
		}
		o.origin[v.Flag] = at
	}
	return nil
}

// configName is the file that holds, empty for none.
func (o *options) configName() (string, error) {
	switch {
	case o.configFile != "" && (o.at == "" || filepath.IsAbs(o.configFile)):
		return o.configFile, nil
	case o.configFile != "":
		return filepath.Join(o.at, o.configFile), nil
	case o.at != "":
		return config.Find(o.at), nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	name := config.Find(dir)
	if name != "" {
		name = check.Relative(name)
	}
	return name, nil
}

// showConfig prints the effective values and where each comes from, or the flags
// that tell go vet as much as it can know of them.
func showConfig(_ context.Context, opts *options, stdout, _ io.Writer) (int, error) {
	if len(opts.args) == 1 && opts.args[0] == "vet" {
		return exitClean, vetFlags(opts, stdout)
	}
	if len(opts.args) > 0 {
		return 0, fmt.Errorf("concurlint config takes no argument, or vet; have %q", opts.args[0])
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SETTING\tVALUE\tFROM")
	for _, name := range configured {
		fmt.Fprintf(w, "%s\t%s\t%s\n", name, orDash(opts.set.Lookup(name).Value.String()), opts.from(name))
	}
	if c := opts.config; c != nil {
		file := check.Relative(c.File)
		for _, x := range c.Caps {
			fmt.Fprintf(w, "at most %s\t%s\t%s:%d\n", x.AtMost, scoped(x.Scope), file, x.Line)
		}
		for _, x := range c.Outs {
			fmt.Fprintf(w, "excluded\t%s: %s\t%s:%d\n", scoped(x.Scope), x.Reason, file, x.Line)
		}
	}
	return exitClean, w.Flush()
}

func scoped(s config.Scope) string {
	if len(s.Rules) == 0 {
		return s.Path
	}
	return s.Path + " (" + strings.Join(s.Rules, ", ") + ")"
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// from is where the value of a flag comes from.
func (o *options) from(name string) string {
	if at := o.origin[name]; at != "" {
		return at
	}
	given := false
	o.set.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	if given {
		return "the command line"
	}
	return "default"
}

// asked is what gave a flag its value, for messages about that.
func (o *options) asked(name string) string {
	if at := o.origin[name]; at != "" {
		return at
	}
	return "-" + name
}

// vetFlags prints a flag a line. The hash of the knowledge is among them: the go
// command keeps results by flags and sources, and knows nothing of the file.
func vetFlags(opts *options, stdout io.Writer) error {
	fmt.Fprintf(stdout, "-severity=%s\n-confidence=%v\n-tests=%t\n", opts.least, opts.confidence, opts.tests)
	if opts.knowledge != "" {
		fmt.Fprintf(stdout, "-knowledge=%s\n-knowledgehash=%s\n", filepath.ToSlash(opts.knowledge), opts.hash)
	}
	on := enabled(opts.enable, opts.disable)
	for _, name := range ruleNames() {
		if _, err := fmt.Fprintf(stdout, "-%s=%t\n", name, on[name]); err != nil {
			return err
		}
	}
	return nil
}
