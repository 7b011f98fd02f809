//go:build !linux

package process

import "os"

// widen returns how many bytes one write can leave in an empty pipe without
// waiting for a reader: what the smallest of the systems' pipes takes.
func widen(*os.File) int { return 4096 }

// A mailbox is nothing here: all frames go through the pipes.
type mailbox struct{}

func newMailbox() (*mailbox, *os.File) { return nil, nil }

func workerMailbox() *mailbox { return nil }

func (*mailbox) put([]byte) bool { return false }

func (*mailbox) piped() {}

func (*mailbox) await(*frameReader) bool { return false }

func ownProgram() (string, error) { return os.Executable() }
