package history

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// A repository is read through the git command, so that every layout it knows
// works: worktrees, alternates, partial clones.
type repository struct {
	dir string
}

// openRepository finds the repository that dir belongs to. A note says why there
// is none, or why it is not whole.
func openRepository(ctx context.Context, dir string) (*repository, string) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, "git is not installed, so the profile's commit was not searched for"
	}
	r := &repository{dir}
	if _, err := r.output(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"); err != nil {
		return nil, "no git history here, so the profile's commit was not searched for"
	}
	if out, err := r.output(ctx, "rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(string(out)) == "true" {
		return r, "a shallow clone: older commits are not here; git fetch --unshallow gets them"
	}
	return r, ""
}

func (r *repository) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", r.dir, "-c", "core.quotePath=false", "-c", "log.showSignature=false"}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0")
	return cmd
}

func (r *repository) output(ctx context.Context, args ...string) ([]byte, error) {
	out, err := r.command(ctx, args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		line, _, _ := bytes.Cut(exit.Stderr, []byte("\n"))
		return out, fmt.Errorf("git %s: %s", args[0], line)
	}
	return out, err
}

// files are the blobs of a commit's Go files by path relative to the directory.
func (r *repository) files(ctx context.Context, commit string) (map[string]string, error) {
	out, err := r.output(ctx, "ls-tree", "-r", "-z", commit)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for entry := range strings.SplitSeq(string(out), "\x00") {
		meta, name, ok := strings.Cut(entry, "\t")
		f := strings.Fields(meta)
		if ok && len(f) == 3 && f[1] == "blob" && strings.HasSuffix(name, ".go") {
			files[name] = f[2]
		}
	}
	return files, nil
}

// A ref is a branch or tag.
type ref struct{ name, commit string }

// unmerged are the newest branches and tags that HEAD does not contain, at most n,
// each commit once.
func (r *repository) unmerged(ctx context.Context, n int) ([]ref, error) {
	out, err := r.output(ctx, "for-each-ref", "--no-merged=HEAD", "--sort=-creatordate", "--count="+strconv.Itoa(2*n),
		"--format=%(refname:short) %(objectname) %(*objectname)", "refs/heads", "refs/remotes", "refs/tags")
	if err != nil {
		return nil, err
	}
	var list []ref
	seen := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 2 || len(list) == n {
			continue
		}
		commit := f[len(f)-1] // of an annotated tag, what it points to
		if !seen[commit] {
			seen[commit] = true
			list = append(list, ref{f[0], commit})
		}
	}
	return list, nil
}

// A commit with the Go files in which it differs from its parent.
type commit struct {
	hash    string
	date    time.Time
	parents []string
	changes []change
}

// A change is of one file: its blob in the parent, "" if it was not there.
type change struct{ path, before string }

// log calls visit for commits from the newest of the range on, along first
// parents, until visit answers false.
func (r *repository) log(ctx context.Context, revs []string, limit int, visit func(*commit) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	args := append([]string{"log", "--first-parent", "-m", "--raw", "-z", "--no-abbrev", "--no-renames", "--relative", "--format=tformat:%x01%H %ct %P",
		"-n", strconv.Itoa(limit)}, revs...)
	// Without --full-diff, commits that touch no Go file are left out; they
	// cannot change the fit.
	cmd := r.command(ctx, append(args, "--", "*.go")...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	stopped, err := parseLog(out, visit)
	if stopped || err != nil {
		cancel()
		_ = cmd.Wait() // killed by us
		return err
	}
	return cmd.Wait()
}

// parseLog reads what log asked git for: fields ended by zero bytes, of which a
// commit is one that begins with byte 1, and a change two.
func parseLog(out io.Reader, visit func(*commit) bool) (stopped bool, err error) {
	in := bufio.NewReaderSize(out, 1<<16)
	var c *commit
	for {
		field, err := in.ReadString(0)
		field = strings.TrimLeft(strings.TrimSuffix(field, "\x00"), "\n")
		switch {
		case strings.HasPrefix(field, "\x01"):
			if c != nil && !visit(c) {
				return true, nil
			}
			c = parseCommit(field[1:])
		case strings.HasPrefix(field, ":") && c != nil:
			name, _ := in.ReadString(0)
			f := strings.Fields(field)
			if len(f) < 5 {
				return false, errors.New("git log wrote a line that is not understood")
			}
			before := f[2]
			if strings.Trim(before, "0") == "" {
				before = ""
			}
			c.changes = append(c.changes, change{strings.TrimSuffix(name, "\x00"), before})
		}
		if err == io.EOF {
			return c != nil && !visit(c), nil
		}
		if err != nil {
			return false, err
		}
	}
}

func parseCommit(line string) *commit {
	f := strings.Fields(line)
	c := &commit{}
	if len(f) > 0 {
		c.hash = f[0]
	}
	if len(f) > 1 {
		if sec, err := strconv.ParseInt(f[1], 10, 64); err == nil {
			c.date = time.Unix(sec, 0)
		}
		c.parents = f[2:]
	}
	return c
}

// blobs reads files by hash from one git process.
type blobs struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func (r *repository) blobs(ctx context.Context) (*blobs, error) {
	b := &blobs{cmd: r.command(ctx, "cat-file", "--batch")}
	var err error
	if b.in, err = b.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	b.out = bufio.NewReaderSize(out, 1<<16)
	return b, b.cmd.Start()
}

// read is the content of a blob; nil if the repository does not have it, as in
// a partial clone.
func (b *blobs) read(hash string) ([]byte, error) {
	if _, err := io.WriteString(b.in, hash+"\n"); err != nil {
		return nil, err
	}
	line, err := b.out.ReadString('\n')
	if err != nil {
		return nil, err
	}
	f := strings.Fields(line)
	if len(f) != 3 {
		return nil, nil
	}
	size, err := strconv.Atoi(f[2])
	if err != nil {
		return nil, err
	}
	text := make([]byte, size+1) // and a newline
	if _, err := io.ReadFull(b.out, text); err != nil {
		return nil, err
	}
	return text[:size], nil
}

func (b *blobs) close() {
	b.in.Close()
	_ = b.cmd.Wait() // its answers were checked one by one
}
