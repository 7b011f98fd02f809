// Package picture makes thumbnails of pictures.
package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
)

// Width is the width of a thumbnail in pixels.
const Width = 96

// Thumbnail returns a small copy of a JPEG picture.
func Thumbnail(data []byte) ([]byte, error) {
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, Scale(img, Width), nil); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Scale returns img in the given width. Each pixel is the mean of those it
// stands for.
func Scale(img image.Image, width int) image.Image {
	from := img.Bounds()
	width = min(width, from.Dx())
	height := max(1, from.Dy()*width/max(1, from.Dx()))
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			to.Set(x, y, mean(img, image.Rect(
				from.Min.X+x*from.Dx()/width, from.Min.Y+y*from.Dy()/height,
				from.Min.X+(x+1)*from.Dx()/width, from.Min.Y+(y+1)*from.Dy()/height)))
		}
	}
	return to
}

// mean returns the mean colour of an area.
func mean(img image.Image, area image.Rectangle) color.Color {
	var r, g, b, n uint32
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			pr, pg, pb, _ := img.At(x, y).RGBA()
			r, g, b, n = r+pr>>8, g+pg>>8, b+pb>>8, n+1
		}
	}
	n = max(1, n)
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}

// HashFile returns the SHA-256 hash of a file in hexadecimal.
func HashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Sample returns a picture to try things on; each n gives another one.
func Sample(n int) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			img.Set(x, y, color.RGBA{uint8(x * (n + 1)), uint8(y + 40*n), uint8(x * y >> 6), 255})
		}
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, img, nil)
	return out.Bytes(), err
}
