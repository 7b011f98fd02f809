//go:build standard

package main

import (
	"github.com/golangci/golangci-lint/v2/pkg/config"
	"github.com/golangci/golangci-lint/v2/pkg/goanalysis"
	"github.com/golangci/golangci-lint/v2/pkg/golinters/errcheck"
	"github.com/golangci/golangci-lint/v2/pkg/golinters/govet"
	"github.com/golangci/golangci-lint/v2/pkg/golinters/ineffassign"
	"github.com/golangci/golangci-lint/v2/pkg/golinters/staticcheck"
	"github.com/golangci/golangci-lint/v2/pkg/golinters/unused"
)

// The linters that golangci-lint runs by default are what the plugin's cost is
// compared with. Building them takes longer than all else here.
func init() {
	s := &config.NewDefault().Linters.Settings
	others["errcheck"] = func() *goanalysis.Linter { return errcheck.New(&s.Errcheck) }
	others["govet"] = func() *goanalysis.Linter { return govet.New(&s.Govet) }
	others["ineffassign"] = func() *goanalysis.Linter { return ineffassign.New(&s.Ineffassign) }
	others["staticcheck"] = func() *goanalysis.Linter { return staticcheck.New(&s.Staticcheck) }
	others["unused"] = func() *goanalysis.Linter { return unused.New(&s.Unused) }
}
