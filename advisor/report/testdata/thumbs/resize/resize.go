// Package resize scales pictures down.
package resize

import (
	"image"
	"image/color"
	"sync"
)

// Half averages each square of four pixels.
func Half(src *image.RGBA) *image.RGBA {
	b := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, b.Dx()/2, b.Dy()/2))
	var wg sync.WaitGroup
	for y := range b.Dy() / 2 {
		wg.Go(func() { row(dst, src, y) })
	}
	wg.Wait()
	return dst
}

func row(dst, src *image.RGBA, y int) {
	for x := range dst.Rect.Dx() {
		a, b := src.RGBAAt(2*x, 2*y), src.RGBAAt(2*x+1, 2*y)
		c, d := src.RGBAAt(2*x, 2*y+1), src.RGBAAt(2*x+1, 2*y+1)
		dst.SetRGBA(x, y, color.RGBA{
			R: mean(a.R, b.R, c.R, d.R),
			G: mean(a.G, b.G, c.G, d.G),
			B: mean(a.B, b.B, c.B, d.B),
			A: 255,
		})
	}
}

func mean(v ...uint8) uint8 {
	sum := 0
	for _, x := range v {
		sum += int(x)
	}
	return uint8(sum / len(v))
}
