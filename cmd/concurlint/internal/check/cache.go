package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// cacheVariable moves the cache; off does without.
const cacheVariable = "CONCURLINT_CACHE"

// CacheDir is where results are kept, or empty where none are.
func CacheDir() (string, error) {
	switch dir := os.Getenv(cacheVariable); {
	case dir == "off":
		return "", nil
	case dir != "" && !filepath.IsAbs(dir):
		return "", fmt.Errorf("%s is %q; want an absolute path, or off", cacheVariable, dir)
	case dir != "":
		return dir, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", nil // no home: a container, perhaps
	}
	return filepath.Join(dir, "concurlint"), nil
}

// version stands for the code of this very executable: its build ID, since to read
// all of it takes a fifth as long as go list for a small module.
var version = sync.OnceValues(func() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("cannot find the concurlint executable: %v", err)
	}
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("cannot read the concurlint executable: %v", err)
	}
	defer f.Close()
	if id := buildID(f); id != "" {
		return id, nil
	}
	h := sha256.New()
	if _, err = f.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("cannot read the concurlint executable: %v", err)
	}
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("cannot read the concurlint executable: %v", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
})
