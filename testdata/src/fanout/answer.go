package fanout

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
)

// To read one answer comes to an end: a goroutine for each of them is no actor, other
// than one for each connection.
func copies(urls []string, dir string) {
	for i, u := range urls {
		go copyOne(u, filepath.Join(dir, strconv.Itoa(i))) // want "warning: .*each of urls and each waits on the network"
	}
}

func copyOne(url, name string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var text []byte
	lines := bufio.NewReader(resp.Body)
	for {
		line, err := lines.ReadBytes('\n')
		text = append(text, line...)
		if err == io.EOF {
			return os.WriteFile(name, text, 0o600)
		}
		if err != nil {
			return err
		}
	}
}

func hearAll(addrs []string, got func([]byte)) {
	for _, a := range addrs {
		go hear(a, got)
	}
}

func hear(addr string, got func([]byte)) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	for {
		b := make([]byte, 1500)
		n, err := c.Read(b)
		if err != nil {
			return err
		}
		got(b[:n])
	}
}

// Who asks again and again goes on for as long as the program does.
func watchAll(urls []string, got func([]byte)) {
	for _, u := range urls {
		go watch(u, got)
	}
}

func watch(url string, got func([]byte)) {
	for {
		resp, err := http.Get(url)
		if err != nil {
			return
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		got(b)
	}
}
