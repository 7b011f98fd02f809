package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/config"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/output"
)

// A command is one of the subcommands.
type command struct {
	name    string
	flags   []string // that mean something to it
	formats []string // that -format takes
	run     func(ctx context.Context, opts *options, stdout io.Writer, stderr io.Writer) (status int, err error)
}

// Options are the command line, parsed and checked.
type options struct {
	args       []string // packages, or what explain is asked for
	format     string
	least      settings.Severity
	failOn     settings.Severity
	confidence float64
	enable     string
	disable    string
	tests      bool
	sites      bool
	silenced   bool
	fix, diff  bool
	version    bool   // -version, which is the subcommand of that name
	baseline   string // file of known findings, empty for none
	write      string // file to write them to
	newFrom    string // git revision whose findings are known
	knowledge  string // absolute, empty for none
	hash       string // of its content
	base       *knowledge.Base
	line       []string // the command line as it was
	at         string   // directory that names and packages begin at; empty: the working directory
	dir        string
	configFile string            // as named by -config, empty for the one that is found, or off
	config     *config.Config    // nil for none
	origin     map[string]string // of flags that the configuration sets
	set        *flag.FlagSet
	run        runOptions
	advise     adviseOptions
}

// commands are the subcommands. The first is meant where none is named.
func commands() []*command {
	return []*command{
		{"lint", []string{"C", "format", "severity", "confidence", "fail-on", "enable", "disable", "tests", "baseline", "write-baseline", "new-from", "silenced", "fix", "diff", "sites", "knowledge", "config"}, slices.Sorted(maps.Keys(output.Formats)), lint},
		{"watch", []string{"C", "format", "severity", "confidence", "enable", "disable", "tests", "knowledge", "config"}, []string{"text", "json"}, watchPackages},
		{lspName, lspFlags, nil, languageServer},
		{"classify", []string{"C", "format", "tests", "knowledge", "config"}, []string{"text", "json"}, classifyPackages},
		{"explain", []string{"C", "tests", "knowledge", "config"}, nil, explain},
		{"advise", adviseFlags, []string{"text", "json"}, advise},
		{"run", runFlags, nil, runFunctions},
		{"rules", nil, nil, listRules},
		{"cache", nil, nil, cache},
		{"config", append([]string{"C", "config"}, configured...), nil, showConfig},
		{"init", []string{"C", "severity", "fail-on", "confidence", "enable", "disable", "tests", "knowledge"}, nil, initialize},
		{"completion", nil, nil, completion},
		{"version", []string{"version"}, nil, version},
		{"help", nil, nil, help},
	}
}

// parse reads the command line. Flags may stand before the subcommand, after
// it, and between the packages.
func parse(args []string) (*command, *options, error) {
	opts := &options{line: args, format: "text", least: settings.Warning, failOn: settings.Warning, confidence: evidence.Quarter}
	set := flagSet(opts)
	asked := false
	var after []string // behind --
	for {
		err := set.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			asked = true
			args = set.Args()
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s; concurlint %s-h lists the flags", flagError(opts.args, set, err), subcommand(opts.args))
		}
		rest := set.Args()
		if len(rest) == 0 {
			break
		}
		if i := len(args) - len(rest); i > 0 && args[i-1] == "--" {
			after = rest
			break
		}
		opts.args = append(opts.args, rest[0])
		args = rest[1:]
	}

	list := commands()
	cmd := list[0]
	if opts.version {
		opts.args = append([]string{"version"}, opts.args...)
	}
	if c := named(opts.args); c != nil {
		cmd, opts.args = c, opts.args[1:]
	}
	if cmd.name == "run" && after != nil {
		opts.run.inputs = after
	} else {
		opts.args = append(opts.args, after...)
	}
	if asked {
		opts.args = []string{cmd.name}
		return list[len(list)-1], opts, nil
	}
	return cmd, opts, opts.check(cmd, set)
}

// named returns the command that args begin with, or nil.
func named(args []string) *command {
	list := commands()
	i := slices.IndexFunc(list, func(c *command) bool { return len(args) > 0 && c.name == args[0] })
	if i < 0 {
		return nil
	}
	return list[i]
}

// subcommand is what args begin with, and a space, if it is one.
func subcommand(args []string) string {
	if named(args) == nil {
		return ""
	}
	return args[0] + " "
}

// recordings are the flags of go test that write what -profile reads.
var recordings = []string{"-trace", "-cpuprofile", "-memprofile", "-blockprofile", "-mutexprofile"}

// flagError adds to package flag's message what was perhaps meant, of the flags that
// mean something to the command that args begin with.
func flagError(args []string, set *flag.FlagSet, err error) string {
	unknown, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: ")
	if !ok {
		return err.Error()
	}
	cmd := named(args)
	var names []string
	set.VisitAll(func(f *flag.Flag) {
		if cmd == nil || slices.Contains(cmd.flags, f.Name) {
			names = append(names, "-"+f.Name)
		}
	})
	if cmd != nil && slices.Contains(recordings, unknown) && slices.Contains(cmd.flags, "profile") {
		return "unknown flag " + unknown + " (-profile takes recordings of every kind)"
	}
	return "unknown flag " + unknown + didYouMean(unknown, names)
}

func flagSet(o *options) *flag.FlagSet {
	set := flag.NewFlagSet("concurlint", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&o.dir, "C", "", "")
	set.StringVar(&o.format, "format", o.format, "")
	set.Var(&o.least, "severity", "")
	set.Var(&o.failOn, "fail-on", "")
	set.Float64Var(&o.confidence, "confidence", o.confidence, "")
	set.StringVar(&o.enable, "enable", "", "")
	set.StringVar(&o.disable, "disable", "", "")
	set.BoolVar(&o.tests, "tests", false, "")
	set.BoolVar(&o.sites, "sites", false, "")
	set.BoolVar(&o.silenced, "silenced", false, "")
	set.BoolVar(&o.fix, "fix", false, "")
	set.BoolVar(&o.diff, "diff", false, "")
	set.BoolVar(&o.version, "version", false, "")
	set.StringVar(&o.baseline, "baseline", "", "")
	set.StringVar(&o.write, "write-baseline", "", "")
	set.StringVar(&o.newFrom, "new-from", "", "")
	set.StringVar(&o.knowledge, "knowledge", "", "")
	set.StringVar(&o.configFile, "config", "", "")
	o.run.addFlags(set)
	o.advise.addFlags(set)
	return set
}

// silencedFormats tell findings that count from those that do not.
var silencedFormats = []string{"json", "sarif", "html"}

// check refuses flags that mean nothing to cmd, and settles the rest.
func (o *options) check(cmd *command, set *flag.FlagSet) (err error) {
	set.Visit(func(f *flag.Flag) {
		if !slices.Contains(cmd.flags, f.Name) {
			err = fmt.Errorf("-%s means nothing to concurlint %s; concurlint %s -h lists its flags", f.Name, cmd.name, cmd.name)
		}
	})
	if err != nil {
		return err
	}
	if cmd.formats != nil && !slices.Contains(cmd.formats, o.format) {
		return fmt.Errorf("unknown -format %q for concurlint %s; want %s", o.format, cmd.name, orList(cmd.formats))
	}
	o.set = set
	if cmd.name == lspName {
		return nil // the editor will say which directories it is about
	}
	if err := o.enter(); err != nil {
		return err
	}
	return o.settle(cmd)
}

// enter goes to the directory of -C.
func (o *options) enter() error {
	if o.dir == "" {
		return nil
	}
	if err := os.Chdir(o.dir); err != nil {
		return fmt.Errorf("cannot work in directory %s (-C): %v", o.dir, cause.Of(err))
	}
	return nil
}

// settle completes the options by what the working directory and the files named
// in them say, and refuses values that cannot be used.
func (o *options) settle(cmd *command) (err error) {
	if err := o.configure(cmd, o.set); err != nil {
		return err
	}
	if !(o.confidence >= 0 && o.confidence <= 1) {
		return fmt.Errorf("-confidence %v is no probability; want 0 to 1", o.confidence)
	}
	if o.sites && o.format != "json" {
		return fmt.Errorf("-sites is for machines and cannot be shown as %s; add -format json", o.format)
	}
	if o.silenced && !slices.Contains(silencedFormats, o.format) {
		return fmt.Errorf("-silenced cannot be shown as %s; add -format %s", o.format, orList(silencedFormats))
	}
	if o.fix && o.diff {
		return errors.New("-fix changes files and -diff changes none; take one of them")
	}
	if o.diff && o.format != "text" {
		return fmt.Errorf("-diff prints a diff and no %s", o.format)
	}
	if o.newFrom != "" && o.baseline+o.write != "" {
		return errors.New("-new-from and a baseline both say what is known; take one of them")
	}
	for _, f := range []struct{ name, list string }{{"enable", o.enable}, {"disable", o.disable}} {
		if err := checkRules(f.name, f.list); err != nil {
			return err
		}
	}
	switch cmd.name {
	case "run":
		err = o.run.check(o.set)
	case "advise":
		err = o.advise.check(o)
	}
	if err != nil {
		return err
	}
	return o.readKnowledge()
}

// readKnowledge reads the user's file early, so that a mistake in it is told
// once and not by every package.
func (o *options) readKnowledge() error {
	o.base = knowledge.Builtin()
	if o.knowledge == "" {
		return nil
	}
	if o.at != "" && !filepath.IsAbs(o.knowledge) {
		o.knowledge = filepath.Join(o.at, o.knowledge)
	}
	text, err := os.ReadFile(o.knowledge)
	if err != nil {
		return fmt.Errorf("cannot read %s (%s): %v", o.knowledge, o.asked("knowledge"), cause.Of(err))
	}
	if o.base, err = o.base.With(o.knowledge, string(text)); err != nil {
		return fmt.Errorf("%v; see -knowledge in concurlint -h", err)
	}
	if o.knowledge, err = filepath.Abs(o.knowledge); err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	o.hash = hex.EncodeToString(sum[:])
	return nil
}

// packages are the package patterns, by default all.
func (o *options) packages() []string {
	if len(o.args) == 0 {
		return []string{"./..."}
	}
	return o.args
}

func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
