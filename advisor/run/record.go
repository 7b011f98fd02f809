package run

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"sync"
	"time"
)

// A Record is one finished input.
type Record struct {
	Index    uint64
	Input    [16]byte // hash
	Failed   bool
	Attempts int
	Elapsed  time.Duration
	Output   []byte // the result, or the text of the error
}

const (
	magic     = "concurlint journal 1\n"
	frameHead = 8
)

var crcTable = sync.OnceValue(func() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) })

// hashInput is the first half of an input's SHA-256.
func hashInput(raw []byte) [16]byte {
	sum := sha256.Sum256(raw)
	return [16]byte(sum[:16])
}

func appendFrame(b []byte, kind byte, payload func([]byte) []byte) []byte {
	at := len(b)
	b = append(b, make([]byte, frameHead)...)
	b = append(b, kind)
	b = payload(b)
	body := b[at+frameHead:]
	binary.LittleEndian.PutUint32(b[at:], uint32(len(body)))
	binary.LittleEndian.PutUint32(b[at+4:], crc32.Checksum(body, crcTable()))
	return b
}

func (rec *Record) append(b []byte) []byte {
	b = binary.AppendUvarint(b, rec.Index)
	b = append(b, rec.Input[:]...)
	status := byte(0)
	if rec.Failed {
		status = 1
	}
	b = append(b, status)
	b = binary.AppendUvarint(b, uint64(rec.Attempts))
	b = binary.AppendUvarint(b, uint64(max(0, rec.Elapsed)))
	return append(b, rec.Output...)
}

var errRecord = errors.New("no record")

// parseRecord reads what append wrote. Output is a part of b.
func parseRecord(b []byte) (rec Record, err error) {
	var ok bool
	uvarint := func() uint64 {
		v, n := binary.Uvarint(b)
		if ok = n > 0; !ok {
			return 0
		}
		b = b[n:]
		return v
	}
	if rec.Index = uvarint(); !ok || len(b) < len(rec.Input)+1 {
		return rec, errRecord
	}
	b = b[copy(rec.Input[:], b):]
	rec.Failed = b[0] == 1
	if b[0] > 1 {
		return rec, errRecord
	}
	b = b[1:]
	if rec.Attempts = int(uvarint()); !ok {
		return rec, errRecord
	}
	if rec.Elapsed = time.Duration(uvarint()); !ok {
		return rec, errRecord
	}
	rec.Output = b
	return rec, nil
}
