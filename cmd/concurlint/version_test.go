package main

import (
	"runtime/debug"
	"testing"
)

func TestVersionOf(t *testing.T) {
	setting := func(pairs ...string) (list []debug.BuildSetting) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return list
	}
	for _, c := range []struct {
		version  string
		settings []debug.BuildSetting
		want     string
	}{
		{"v1.2.3", nil, "v1.2.3"},
		{"v1.2.4-0.20261127120000-0123456789ab+dirty", setting("vcs.modified", "true"), "v1.2.4-0.20261127120000-0123456789ab+dirty"},
		{"(devel)", nil, "devel"},
		{"", nil, "devel"},
		{"(devel)", setting("vcs.revision", "0123456789abcdef", "vcs.modified", "false"), "devel-0123456789ab"},
		{"(devel)", setting("vcs.revision", "0123", "vcs.modified", "true"), "devel-0123+dirty"},
	} {
		info := &debug.BuildInfo{Main: debug.Module{Version: c.version}, Settings: c.settings}
		if got := versionOf(info); got != c.want {
			t.Errorf("%q with %v: %q, want %q", c.version, c.settings, got, c.want)
		}
	}
}
