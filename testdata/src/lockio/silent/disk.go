package silent

import (
	"os"
	"sync"
)

type settings struct {
	mu   sync.Mutex
	path string
	raw  []byte
}

func (s *settings) get() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw
}

// Read first, then swap.
func (s *settings) swap() error {
	raw, err := os.ReadFile(s.path)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.raw = raw
	s.mu.Unlock()
	return nil
}

// One name, one block: the kernel has it, as a rule.
func (s *settings) changed(f *os.File, buf []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := os.Stat(s.path)
	_, _ = f.ReadAt(buf, 0)
	return err == nil
}

// A log: all who take the lock write, and wait for the disk anyway.
type journal struct {
	mu   sync.Mutex
	file *os.File
}

func (j *journal) append(line string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.WriteString(line); err != nil {
		return err
	}
	return j.file.Sync() // want "j.mu is held while os..*Sync waits on the file system"
}

func (j *journal) cut() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.Truncate(0)
}

func (j *journal) all(name string) ([]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return os.ReadFile(name) // want "j.mu is held while os.ReadFile waits on the file system"
}
