package limits

import "testing"

func TestParseMemLimit(t *testing.T) {
	for text, want := range map[string]int64{
		"": 0, "off": 0, "12": 12, "12B": 12, "2KiB": 2 << 10, "512MiB": 512 << 20, "3GiB": 3 << 30, "1TiB": 1 << 40,
		"9223372036854775807": 0, "9000000000GiB": 0, "-1": 0, "0": 0, "KiB": 0, "iB": 0, "1i": 0, "1MB": 0, "1XiB": 0, "1.5GiB": 0,
	} {
		if got := parseMemLimit(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
