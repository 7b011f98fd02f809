package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers"
)

const root = "../.."

// A console block holds one command and what it prints.
var (
	console   = regexp.MustCompile("(?ms)^```console\n\\$ ([^\n]*)\n(.*?)^```$")
	ruleTable = regexp.MustCompile(`(?m)^\| rule \|.*\n(\|.*\n)*`)
)

// TestREADME holds the README to what the commands print today. After a change,
//
//	go test ./cmd/concurlint -run README -update
//
// writes it anew.
func TestREADME(t *testing.T) {
	path := filepath.Join(root, "README.md")
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := ruleTable.ReplaceAllLiteralString(string(old), rulesMarkdown())
	if !strings.Contains(text, rulesMarkdown()) {
		t.Error("README.md has no table of the rules")
	}
	blocks := 0
	text = console.ReplaceAllStringFunc(text, func(block string) string {
		blocks++
		m := console.FindStringSubmatch(block)
		return "```console\n$ " + m[1] + "\n" + printed(t, m[1]) + "```"
	})
	if blocks == 0 {
		t.Error("README.md has no command with its output")
	}
	if text == string(old) {
		return
	}
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("README.md differs from what the commands print; go test ./cmd/concurlint -run README -update writes it anew:\n%s", firstDifference(string(old), text))
}

func rulesMarkdown() string {
	var b strings.Builder
	b.WriteString("| rule | severity | default | says | because |\n|---|---|---|---|---|\n")
	for _, r := range analyzers.Rules {
		name := r.Analyzer.Name
		fmt.Fprintf(&b, "| [`%s`](analyzers/%s/doc.go) | %s | %s | %s | %s |\n", name, name, r.Severity, onOff(r.Default), title(r), r.Why)
	}
	return b.String()
}

// printed runs a command of the README in the root directory.
func printed(t *testing.T, line string) string {
	t.Helper()
	if file, ok := strings.CutPrefix(line, "cat "); ok {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	rest, viaGo := strings.CutPrefix(line, "go run ./cmd/")
	if !viaGo {
		rest = line
	}
	words := strings.Fields(rest)
	if words[0] != "concurlint" {
		t.Fatalf("the README's test does not know the command %q", line)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
	case !errors.As(err, &exit) || exit.ExitCode() != exitFindings:
		t.Fatalf("%s: %v\n%s", line, err, out)
	case viaGo:
		out = fmt.Appendf(out, "exit status %d\n", exit.ExitCode()) // as go run does
	}
	return string(out)
}

func firstDifference(have, want string) string {
	h, w := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range min(len(h), len(w)) {
		if h[i] != w[i] {
			return fmt.Sprintf("README.md:%d\nhave %s\nwant %s", i+1, h[i], w[i])
		}
	}
	return "one is longer"
}

// TestDemo holds the demo to its purpose: each rule that is on by default finds
// something in package broken, and nothing is found elsewhere.
func TestDemo(t *testing.T) {
	cmd := exec.Command("concurlint", "-C", filepath.Join(root, "testdata/demo"), "-severity", "note", "-format", "github", "./...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, _ := cmd.Output()
	if stderr.Len() > 0 {
		t.Fatal(stderr.String())
	}
	for line := range strings.Lines(string(out)) {
		if !strings.Contains(line, " file=testdata/demo/broken/") {
			t.Errorf("finding outside package broken: %s", line)
		}
	}
	for _, r := range analyzers.Rules {
		if r.Default && !strings.Contains(string(out), "title=concurlint "+r.Analyzer.Name+"::") {
			t.Errorf("package broken has no finding of rule %s", r.Analyzer.Name)
		}
	}
}
