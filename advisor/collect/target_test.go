package collect

import "testing"

func TestTarget(t *testing.T) {
	for address, want := range map[string]string{
		"app:6060":               "http://app:6060/debug/pprof/trace?seconds=5",
		":6060":                  "http://localhost:6060/debug/pprof/trace?seconds=5",
		"[::1]:6060":             "http://[::1]:6060/debug/pprof/trace?seconds=5",
		"https://app/":           "https://app/debug/pprof/trace?seconds=5",
		"http://app/debug/pprof": "http://app/debug/pprof/trace?seconds=5",
		"http://app/debug/pprof/profile?seconds=30":       "http://app/debug/pprof/trace?seconds=5",
		"http://u:p@app/x/debug/pprof/?token=1&debug=2#a": "http://u:p@app/x/debug/pprof/trace?seconds=5&token=1",
		"http://app/admin":   "http://app/admin/trace?seconds=5",
		"unix:/run/a.sock":   "http://localhost/debug/pprof/trace?seconds=5",
		"unix:///run/a.sock": "http://localhost/debug/pprof/trace?seconds=5",
		"":                   "",
		"ftp://app":          "",
		"http://":            "",
		"a b":                "",
		"unix:":              "",
	} {
		target, err := parseTarget(address)
		if err != nil {
			if want != "" {
				t.Errorf("%s: %v", address, err)
			}
			continue
		}
		if got := target.url("trace", 5).String(); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}
