package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A version is a commit and what concurlint finds there.
type version struct {
	commit   string
	dir      string
	findings []finding
	broken   map[string]bool // packages that could not be checked
}

// A finding is what concurlint prints of one candidate.
type finding struct {
	Rule       string
	Package    string
	Function   string
	File       string
	Line       int
	Column     int
	Message    string
	Confidence float64
	Signals    []struct{ Name string }
}

func (f finding) place() string { return f.File + ":" + strconv.Itoa(f.Line) }

func (f finding) names() string {
	var list []string
	for _, s := range f.Signals {
		list = append(list, s.Name)
	}
	slices.Sort(list)
	return strings.Join(list, ",")
}

func (m *miner) gitText(args ...string) (string, error) {
	out, err := exec.Command("git", append([]string{"-C", m.git}, args...)...).Output()
	return strings.TrimSpace(string(out)), err
}

// commits returns the newest commit and the one that was it so many months before.
// A younger repository is taken at four tenths of its history.
func (m *miner) commits() (newest, old string, err error) {
	head, err := m.gitText("log", "-1", "--format=%H %ct", "HEAD")
	if err != nil {
		return "", "", fmt.Errorf("%s: %v", m.git, err)
	}
	newest, at, _ := strings.Cut(head, " ")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return "", "", err
	}
	before := time.Unix(seconds, 0).Add(-time.Duration(m.months) * 30 * 24 * time.Hour)
	old, err = m.gitText("rev-list", "-1", "--first-parent", "--before="+strconv.FormatInt(before.Unix(), 10), "HEAD")
	if err == nil && old == "" {
		list, e := m.gitText("rev-list", "--first-parent", "HEAD")
		all := strings.Fields(list)
		old, err = all[len(all)*6/10], e
	}
	return newest, old, err
}

// check runs concurlint on packages of a commit, unless it has been done before.
func (m *miner) check(name, commit string, packages ...string) (*version, error) {
	dir := filepath.Join(m.work, strings.ReplaceAll(m.name, "/", "+"))
	v := &version{commit: commit, dir: filepath.Join(dir, name)}
	out := filepath.Join(dir, name+".json")
	text, err := os.ReadFile(out)
	if err != nil || len(text) == 0 {
		if err := m.extract(commit, v.dir); err != nil {
			return nil, err
		}
		if text, err = m.analyze(v.dir, packages); err != nil {
			return nil, err
		}
		if err := os.WriteFile(out, text, 0o666); err != nil {
			return nil, err
		}
	}
	var report struct {
		Findings []finding
		Errors   []struct{ Package, Message string }
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return nil, fmt.Errorf("%s: %v", out, err)
	}
	v.findings, v.broken = report.Findings, make(map[string]bool)
	for _, e := range report.Errors {
		if e.Package == "" && len(report.Findings) == 0 {
			return nil, fmt.Errorf("%s: %s", out, e.Message)
		}
		v.broken[e.Package] = true
	}
	return v, nil
}

// extract writes the tree without tests, which are not looked at. Files that the copy of the
// repository lacks, as it may the largest, stay out.
func (m *miner) extract(commit, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	index, tree := dir+".index", dir+".tmp" // what is half written is not taken for the tree
	if err := os.RemoveAll(tree); err != nil {
		return err
	}
	if err := os.MkdirAll(tree, 0o777); err != nil {
		return err
	}
	defer os.Remove(index)
	git := func(args ...string) *exec.Cmd {
		c := exec.Command("git", append([]string{"-C", m.git}, args...)...)
		c.Env = append(os.Environ(), "GIT_INDEX_FILE="+index, "GIT_WORK_TREE="+tree)
		return c
	}
	if err := git("read-tree", commit).Run(); err != nil {
		return fmt.Errorf("read-tree %s: %v", commit, err)
	}
	names, err := git("ls-files", "-z", "--", ".", ":(exclude)*testdata/*", ":(exclude)*_test.go").Output()
	if err != nil {
		return fmt.Errorf("ls-files: %v", err)
	}
	files := git("checkout-index", "-q", "-f", "-z", "--stdin")
	files.Stdin = bytes.NewReader(names)
	if err := files.Run(); err != nil {
		log.Printf("%s: some files of %s are not there (%v)", m.name, commit, err)
	}
	if list, err := os.ReadDir(tree); err != nil || len(list) == 0 {
		return fmt.Errorf("nothing of %s could be written to %s (%v)", commit, tree, err)
	}
	return os.Rename(tree, dir)
}

// analyze returns the JSON report. A package that cannot be loaded costs itself.
func (m *miner) analyze(dir string, packages []string) ([]byte, error) {
	flags := []string{"-C", dir, "-format", "json", "-severity", "note", "-confidence", "0", "-fail-on", "error"}
	cmd := exec.Command(m.tool, append(flags, packages...)...)
	cmd.Env = os.Environ()
	if _, err := os.Stat(filepath.Join(dir, "go.work")); err != nil { // a workspace wants no -mod
		cmd.Env = append(cmd.Env, "GOFLAGS=-mod=mod")
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: %v\n%s", dir, err, stderr.Bytes())
	}
	return out, nil
}
