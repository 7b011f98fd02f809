package mq

import (
	"encoding/json"
	"log"
	"time"
)

// Guard stands around a function.
func Guard(h func([]byte)) func([]byte) {
	return func(data []byte) {
		defer func() { recover() }()
		h(data)
	}
}

// Decoded gives a function what a message says.
func Decoded[T any](h func(T)) func([]byte) {
	return func(data []byte) {
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			log.Print(err)
			return
		}
		h(v)
	}
}

// Timed measures a function, by way of another that stands around it.
func Timed(name string, h func([]byte)) func([]byte) {
	start := time.Now()
	return Guard(func(data []byte) {
		h(data)
		log.Print(name, time.Since(start))
	})
}

// Off gives a function a goroutine.
func Off(h func([]byte)) func([]byte) {
	return func(data []byte) { go h(data) }
}

// Once calls a function at once, and what it returns does not.
func Once(h func([]byte)) func([]byte) {
	h(nil)
	return func(data []byte) { log.Print(data) }
}
