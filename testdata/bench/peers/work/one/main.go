// One runs a function over its arguments, as programs do that xargs starts.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"log"
	"os"
	"path/filepath"
	"strconv"

	"example.com/peers"
)

func main() {
	if os.Args[1] == "generate" {
		generate()
		return
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, arg := range os.Args[2:] {
		if err := run(out, os.Args[1], arg); err != nil {
			log.Fatal(err)
		}
	}
}

func run(out *bufio.Writer, function, arg string) error {
	var result any
	var err error
	switch function {
	case "Hash":
		result, err = peers.Hash(arg)
	case "Fetch":
		result, err = peers.Fetch(context.Background(), arg)
	case "Total":
		return totals(out, arg)
	case "Thumbnail":
		result, err = thumbnail(arg)
	}
	fmt.Fprintln(out, result)
	return err
}

// totals adds up all orders of a file.
func totals(out *bufio.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var o peers.Order
		if err := json.Unmarshal(s.Bytes(), &o); err != nil {
			return err
		}
		fmt.Fprintln(out, peers.Total(o))
	}
	return nil
}

// thumbnail writes a thumbnail beside a picture and returns its path.
func thumbnail(name string) (string, error) {
	picture, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	small, err := peers.Thumbnail(picture)
	if err != nil {
		return "", err
	}
	return name + ".small", os.WriteFile(name+".small", small, 0o666)
}

// generate writes so many pictures into a folder.
func generate() {
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	if err := os.MkdirAll(os.Args[3], 0o777); err != nil {
		log.Fatal(err)
	}
	for i := range n {
		picture := image.NewRGBA(image.Rect(0, 0, 1200, 900))
		for y := range 900 {
			for x := range 1200 {
				picture.SetRGBA(x, y, color.RGBA{uint8(x + i), uint8(y * i), uint8(x * y >> 6), 255})
			}
		}
		f, err := os.Create(filepath.Join(os.Args[3], fmt.Sprint(i, ".jpg")))
		if err != nil {
			log.Fatal(err)
		}
		if err := jpeg.Encode(f, picture, nil); err != nil {
			log.Fatal(err)
		}
		if err := f.Close(); err != nil {
			log.Fatal(err)
		}
	}
}
