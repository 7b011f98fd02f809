package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// printFacts runs every vettool once more, keeps the go command's work folder,
// and prints how many bytes of facts its units wrote.
func (b *bench) printFacts(tools []*tool) error {
	for _, t := range tools {
		if !strings.HasPrefix(t.name, "vettool ") {
			continue
		}
		if err := t.renew(); err != nil {
			return err
		}
		size, err := b.facts(t)
		if err != nil {
			return err
		}
		fmt.Printf("\n%s: %d bytes of facts", t.name, size)
	}
	fmt.Println()
	return nil
}

func (b *bench) facts(t *tool) (size int64, err error) {
	args := append([]string{"vet", "-work"}, t.args[2:]...)
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = b.dir, append(os.Environ(), "GOTMPDIR="+b.work)
	out, _ := cmd.CombinedOutput() // findings are failures to the go command
	_, after, found := bytes.Cut(out, []byte("WORK="))
	if !found {
		return 0, fmt.Errorf("go vet -work named no folder: %s", bytes.TrimSpace(out))
	}
	line, _, _ := bytes.Cut(after, []byte("\n"))
	folder := string(line)
	defer os.RemoveAll(folder)
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "vet.out" {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}
