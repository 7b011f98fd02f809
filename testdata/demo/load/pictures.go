package load

import (
	"fmt"
	"os"
	"path/filepath"

	"example.com/thumbs/picture"
)

// Pictures returns n pictures.
func Pictures(n int) ([][]byte, error) {
	pictures := make([][]byte, n)
	for i := range pictures {
		data, err := picture.Sample(i)
		if err != nil {
			return nil, err
		}
		pictures[i] = data
	}
	return pictures, nil
}

// Write puts pictures into a directory.
func Write(dir string, pictures [][]byte) error {
	for i, data := range pictures {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%03d.jpg", i)), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}
