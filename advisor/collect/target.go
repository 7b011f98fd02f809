package collect

import (
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// A target is where a program serves its /debug/pprof.
type target struct {
	base   url.URL // its path ends with a slash
	socket string  // of a Unix domain socket, or ""
}

// parseTarget understands what people copy: host:port, :port, a URL of the
// server, of /debug/pprof or of a profile in it, and unix:FILE.
func parseTarget(address string) (target, error) {
	if file, ok := strings.CutPrefix(address, "unix:"); ok {
		file = strings.TrimPrefix(file, "//")
		if file == "" {
			return target{}, fmt.Errorf("%s: name the socket, like unix:/run/app.sock", address)
		}
		return target{base: url.URL{Scheme: "http", Host: "localhost", Path: "/debug/pprof/"}, socket: file}, nil
	}
	full := address
	if !strings.Contains(address, "://") {
		if strings.HasPrefix(address, ":") {
			full = "localhost" + address
		}
		full = "http://" + full
	}
	u, err := url.Parse(full)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return target{}, fmt.Errorf("%q is no address: name it like localhost:6060 or http://localhost:6060/debug/pprof/", address)
	}
	if before, _, ok := strings.Cut(u.Path, "/debug/pprof"); ok {
		u.Path = before + "/debug/pprof/" // without the name of a profile
	} else if u.Path == "" || u.Path == "/" {
		u.Path = "/debug/pprof/"
	} else if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	u.RawPath, u.Fragment = "", ""
	q := u.Query()
	for _, own := range [...]string{"seconds", "debug", "gc"} {
		q.Del(own)
	}
	u.RawQuery = q.Encode() // what is left may be a token
	return target{base: *u}, nil
}

// url is that of a profile, recorded over a number of seconds if that is not 0.
func (t target) url(what string, seconds int) *url.URL {
	u := t.base
	u.Path = path.Join(u.Path, what)
	if seconds > 0 {
		q := u.Query()
		q.Set("seconds", strconv.Itoa(seconds))
		u.RawQuery = q.Encode()
	}
	return &u
}

// metrics is where servers offer figures for Prometheus.
func (t target) metrics() *url.URL {
	u := t.base
	u.Path = "/metrics"
	return &u
}

// label is a URL for people: without passwords and tokens.
func label(u *url.URL) string {
	return u.Host + u.Path
}
