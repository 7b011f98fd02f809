package fanout

import (
	"runtime"

	"fanout/shares"
)

// Parts that another package makes are as many as an argument says, or one for each share.
func dealt(us []string) {
	for _, part := range shares.Deal(us, runtime.GOMAXPROCS(0)) {
		go fetch(part[0])
	}
	parts := shares.Deal(us, 8)
	for _, part := range parts {
		go fetch(part[0])
	}
	cuts, err := shares.Cut(us, len(us)/10+1)
	if err != nil {
		return
	}
	for _, part := range cuts {
		go fetch(part[0])
	}
	for _, part := range shares.Of(us, len(us)/10+1) {
		go fetch(part[0])
	}
}

// So many as the items make.
func dealtAll(us []string, size int) {
	for _, part := range shares.Deal(us, len(us)) {
		go fetch(part[0]) // want "note: .*each of shares.Deal"
	}
	cuts, _ := shares.Cut(us, 10)
	for _, part := range cuts {
		go fetch(part[0]) // want "note: .*each of cuts"
	}
	for _, part := range shares.Of(us, 10) {
		go fetch(part[0]) // want "note: .*each of shares.Of"
	}
	for _, part := range shares.Of(us, size) {
		go fetch(part[0]) // want "note: .*each of shares.Of"
	}
	for _, part := range shares.Without(us, 8) {
		go fetch(part[0]) // want "note: .*each of shares.Without"
	}
}
