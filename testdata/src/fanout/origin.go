package fanout

import (
	"context"
	"database/sql"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Where the elements come from: who hands them in, and what lists what it has, may have any
// number. What a function has worked out itself, or finds in what it has, it knows.

func refresh(ctx context.Context, region string) error {
	_, machines, err := net.DefaultResolver.LookupSRV(ctx, "machines", "tcp", region)
	if err != nil {
		return err
	}
	for _, m := range machines {
		go fetch(m.Target) // want "note: .*each of machines"
	}
	return nil
}

// As rows, one by one.
func mirrors(db *sql.DB) error {
	rows, err := db.Query("select url from mirrors")
	if err != nil {
		return err
	}
	defer rows.Close()
	var urls []string
	for rows.Next() {
		var u string
		if err := rows.Scan(&u); err != nil {
			return err
		}
		urls = append(urls, u)
	}
	for _, u := range urls {
		go push(u) // want "note: .*each of urls"
	}
	return rows.Err()
}

func push(url string) error { return exec.Command("git", "push", url).Run() }

// By a literal that is given each.
func tree(root string) error {
	var found []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return nil
	})
	for _, path := range found {
		go os.ReadFile(path) // want "note: .*each of found"
	}
	return err
}

// By the only caller, for a literal that stands in the function that is called.
func programs(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	return outdated(entries[1:])
}

func outdated(list []fs.DirEntry) error {
	ask := func() {
		for _, e := range list {
			go exec.Command(e.Name(), "version").Run() // want "note: .*each of list"
		}
	}
	ask()
	return nil
}

// How many there are is handed in with them.
func countedUrls(urls []string) {
	for i := range len(urls) {
		go fetch(urls[i]) // want "note: .*each of len.urls."
	}
}

func workersFor(urls chan string, wanted []string) {
	n := len(wanted)
	for range n {
		go func() { // want "note: .*each of "
			for u := range urls {
				fetch(u)
			}
		}()
	}
}

// The parts of a line are worked out here.
func pipeline(line string) {
	var parts []string
	for _, part := range strings.Split(line, "|") {
		parts = append(parts, strings.TrimSpace(part))
	}
	for _, p := range parts {
		go push(p) // want "note: .*each of parts"
	}
}

// Whom a table of one's own has for a key.
type circle struct{ points []string }

func (r *circle) of(key string) (list []string) {
	for i, p := range r.points {
		if strings.HasPrefix(key, p[:1]) {
			list = append(list, r.points[i])
		}
	}
	return list
}

func (r *circle) put(key string) {
	members := r.of(key)
	for _, m := range members {
		go fetch(m + key) // want "note: .*each of members"
	}
}

// What was asked of somebody is not what the loop goes over.
func probe(ctx context.Context, r *circle, key string) error {
	if err := fetch(key); err != nil {
		return err
	}
	for _, m := range r.of(key) {
		go fetch(m) // want "note: .*each of r.of.key."
	}
	return nil
}
