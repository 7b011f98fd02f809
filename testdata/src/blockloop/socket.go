package blockloop

import (
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// What is told of a control message runs where the connection is read.
func control(c *websocket.Conn, done <-chan struct{}) {
	pings, gone := make(chan string), make(chan int, 1)
	c.SetPingHandler(func(data string) error {
		pings <- data // want "warning: blockloop: websocket's loop sends to pings"
		return nil
	})
	c.SetPongHandler(func(string) error { return c.SetReadDeadline(time.Now().Add(time.Minute)) })
	c.SetCloseHandler(func(code int, _ string) error {
		select {
		case gone <- code:
		case <-done:
		}
		return nil
	})
	for range pings {
	}
}

func answer(c *websocket.Conn) {
	c.SetPingHandler(func(data string) error {
		return c.WriteControl(10, []byte(data), time.Now().Add(time.Second))
	})
	c.SetCloseHandler(func(int, string) error {
		_, err := http.Get("http://example.com/gone") // want "warning: blockloop: http.Get waits on the network on websocket's loop"
		return err
	})
}
