package report

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A browser is a headless Chromium that is told what to do over a pair of pipes, in
// the DevTools protocol: messages of JSON, each with a zero byte behind it.
type browser struct {
	t       *testing.T
	to      *os.File
	from    *bufio.Reader
	session string
	calls   int
	events  []event // that came since the last load
}

type event struct {
	Method string
	Params json.RawMessage
}

// startBrowser skips the test where there is no browser.
func startBrowser(t *testing.T) *browser {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" || testing.Short() {
		t.Skip("needs chromium, and some seconds")
	}
	theirIn, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	own, err := os.MkdirTemp("", "concurlint-browser-") // not t.TempDir: its helpers may outlive it, and write
	if err != nil {
		t.Fatal(err)
	}
	// Nothing is opened but our own pages, and a container may refuse a sandbox.
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--remote-debugging-pipe", "--user-data-dir="+own, "--disable-gpu", "--no-first-run")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	b := &browser{t: t, to: to, from: bufio.NewReaderSize(from, 1<<20)}
	t.Cleanup(func() {
		b.session = ""
		b.call("Browser.close", nil, nil)
		cmd.Wait()
		cancel()
		to.Close()
		from.Close()
		os.RemoveAll(own)
	})
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// receive reads the next message, and keeps it if it is an event.
func (b *browser) receive() (id int, result json.RawMessage) {
	b.t.Helper()
	text, err := b.from.ReadBytes(0)
	if err != nil {
		b.t.Fatalf("the browser is gone: %v", err)
	}
	var m struct {
		ID     int
		Result json.RawMessage
		Error  *struct{ Message string }
		event
	}
	if err := json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &m); err != nil {
		b.t.Fatal(err)
	}
	if m.Error != nil {
		b.t.Fatalf("the browser: %s", m.Error.Message)
	}
	if m.Method != "" {
		b.events = append(b.events, m.event)
	}
	return m.ID, m.Result
}

func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	b.calls++
	if params == nil {
		params = struct{}{}
	}
	text, err := json.Marshal(struct {
		ID        int    `json:"id"`
		Method    string `json:"method"`
		Params    any    `json:"params"`
		SessionID string `json:"sessionId,omitempty"`
	}{b.calls, method, params, b.session})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		id, answer := b.receive()
		if id != b.calls {
			continue
		}
		if result != nil {
			if err := json.Unmarshal(answer, result); err != nil {
				b.t.Fatalf("%s: %v", method, err)
			}
		}
		return
	}
}

// open loads a page in a window of a size and a theme.
func (b *browser) open(url string, width int, theme string) {
	b.t.Helper()
	b.window(width, 900)
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": theme}}}, nil)
	b.events = nil
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	for !slices.ContainsFunc(b.events, func(e event) bool { return e.Method == "Page.loadEventFired" }) {
		b.receive()
	}
}

func (b *browser) window(width, height int) {
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
}

// eval is the value of an expression in the page.
func eval[T any](b *browser, expression string) (value T) {
	b.t.Helper()
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &answer)
	if answer.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, answer.ExceptionDetails)
	}
	if err := json.Unmarshal(answer.Result.Value, &value); err != nil {
		b.t.Fatalf("%s: %s: %v", expression, answer.Result.Value, err)
	}
	return value
}

// press strikes keys, as KeyboardEvent.key names them.
func (b *browser) press(keys ...string) {
	for _, key := range keys {
		params := map[string]any{"type": "keyDown", "key": key}
		if len(key) == 1 {
			params["text"] = key
		} else {
			params["code"], params["windowsVirtualKeyCode"] = key, map[string]int{"ArrowDown": 40, "Enter": 13, "Escape": 27, "Tab": 9}[key]
		}
		b.call("Input.dispatchKeyEvent", params, nil)
		params["type"] = "keyUp"
		b.call("Input.dispatchKeyEvent", params, nil)
	}
}

// complaints are what the page asked for and what the browser did not like.
func (b *browser) complaints(page string) (list []string) {
	for _, e := range b.events {
		var p struct {
			Type    string
			Request struct{ URL string }
			Entry   struct{ Level, Text string }
		}
		if err := json.Unmarshal(e.Params, &p); err != nil {
			b.t.Fatal(err)
		}
		switch {
		case e.Method == "Network.requestWillBeSent" && p.Request.URL != page && !strings.HasPrefix(p.Request.URL, "data:"):
			list = append(list, "asks for "+p.Request.URL)
		case e.Method == "Runtime.exceptionThrown", e.Method == "Page.javascriptDialogOpening",
			e.Method == "Runtime.consoleAPICalled", e.Method == "Log.entryAdded" && p.Entry.Level != "info":
			list = append(list, e.Method+": "+string(e.Params))
		}
	}
	return list
}

// shoot writes a picture of the whole page, where that is asked for.
func (b *browser) shoot(name string) {
	if *pictures == "" {
		return
	}
	for range 2 { // what comes into sight is drawn then, and may be longer than was thought
		b.window(eval[int](b, `innerWidth`), eval[int](b, `document.documentElement.scrollHeight`))
		eval[float64](b, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))`)
	}
	var picture struct{ Data string }
	b.call("Page.captureScreenshot", nil, &picture)
	data, err := base64.StdEncoding.DecodeString(picture.Data)
	if err == nil {
		err = os.WriteFile(filepath.Join(*pictures, name+".png"), data, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
