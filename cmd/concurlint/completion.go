package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// shells are the scripts that completion prints. Each asks the command itself for
// the words, so that a script need not be renewed with the command.
var shells = map[string]string{
	"bash": `_concurlint() {
	local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]}
	COMPREPLY=($(concurlint completion words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
	[[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$word"))
}
complete -o filenames -F _concurlint concurlint
`,
	"zsh": `#compdef concurlint
_concurlint() {
	local -a list
	list=(${(f)"$(concurlint completion words "${(@)words[2,CURRENT]}" 2>/dev/null)"})
	if (( ${#list} )); then compadd -Q -- $list; else _files; fi
}
compdef _concurlint concurlint
`,
	"fish": `function __concurlint
	set -l typed (commandline -opc)
	set -l words (concurlint completion words $typed[2..-1] (commandline -ct) 2>/dev/null)
	set -q words[1]; and printf '%s\n' $words; or __fish_complete_path (commandline -ct)
end
complete -c concurlint -f -a '(__concurlint)'
`,
}

// completion prints a shell's script, or for a script the words that may come next.
func completion(_ context.Context, opts *options, stdout, _ io.Writer) (int, error) {
	if len(opts.args) == 1 {
		if script, ok := shells[opts.args[0]]; ok {
			_, err := io.WriteString(stdout, script)
			return exitClean, err
		}
	}
	return 0, fmt.Errorf("concurlint completion takes bash, zsh or fish")
}

// completeWords answers a script. It stands before the parsing of flags: what is
// being typed need not be right yet.
func completeWords(typed []string, stdout io.Writer) {
	if len(typed) == 0 {
		typed = []string{""}
	}
	last := len(typed) - 1
	for _, w := range candidates(typed[:last], typed[last]) {
		if strings.HasPrefix(w, typed[last]) {
			fmt.Fprintln(stdout, w)
		}
	}
}

// candidates are what may stand where a word begins: values of the flag before it,
// flags, rules, shells, or subcommands.
func candidates(before []string, word string) (list []string) {
	all := commands()
	cmd := all[0]
	named := false
	for _, w := range before {
		if i := slices.IndexFunc(all, func(c *command) bool { return c.name == w }); i >= 0 && !named {
			cmd, named = all[i], true
		}
	}
	if n := len(before); n > 0 && strings.HasPrefix(before[n-1], "-") {
		if values := flagValues(cmd, strings.TrimLeft(before[n-1], "-")); values != nil {
			return values
		}
	}
	switch {
	case strings.HasPrefix(word, "-"):
		for _, name := range cmd.flags {
			list = append(list, "-"+name)
		}
	case named && cmd.name == "explain":
		return ruleNames()
	case named && cmd.name == "completion":
		return []string{"bash", "zsh", "fish"}
	case !named:
		for _, c := range all[1:] {
			list = append(list, c.name)
		}
	}
	return list
}

// flagValues are the words that a flag takes, nil where any will do or it takes none.
func flagValues(cmd *command, flag string) []string {
	switch flag {
	case "format":
		return cmd.formats
	case "severity", "fail-on":
		return []string{"note", "warning", "error"}
	case "enable", "disable":
		return ruleNames()
	}
	return nil
}
