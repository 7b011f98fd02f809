package fanout_test

import (
	"testing"

	"github.com/concurlint/concurlint/analyzers/fanout"
	"github.com/concurlint/concurlint/analyzers/internal/wants"
)

func TestCases(t *testing.T) { wants.Shown(t, fanout.Analyzer, "fanout") }
