// Package peers has the functions that peers.py has run.
package peers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"os"
)

// Hash is the SHA-256 of a file.
func Hash(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// An Order is a line of JSON.
type Order struct {
	ID       int    `json:"id"`
	Customer string `json:"customer"`
	Items    []struct {
		Name  string  `json:"name"`
		Price float64 `json:"price"`
		Count int     `json:"count"`
	} `json:"items"`
}

// Total is what an order costs.
func Total(o Order) (sum float64) {
	for _, item := range o.Items {
		sum += item.Price * float64(item.Count)
	}
	return sum
}

// client keeps as many connections as may be in use at once.
var client = http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2000}}

// Fetch is the length of an answer.
func Fetch(ctx context.Context, url string) (int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("status %s", answer.Status)
	}
	return io.Copy(io.Discard, answer.Body)
}

// Thumbnail is a JPEG of 128 pixels' width.
func Thumbnail(picture []byte) ([]byte, error) {
	from, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	size := from.Bounds().Size()
	width := 128
	to := image.NewRGBA(image.Rect(0, 0, width, max(1, size.Y*width/size.X)))
	for y := range to.Rect.Dy() {
		for x := range width {
			to.Set(x, y, from.At(x*size.X/width, y*size.Y/to.Rect.Dy()))
		}
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, to, nil)
	return out.Bytes(), err
}
