package profile

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// readPprof reads a profile of the pprof format (proto/profile.proto of
// google/pprof), or what that library reads beside it.
func readPprof(data []byte, b *Builder) (*Source, error) {
	tables, samples, err := withoutSamples(data)
	if err != nil {
		return nil, fmt.Errorf("%w (it begins with %q): record it again", err, data[:min(len(data), 16)])
	}
	p, err := parse(tables)
	if err != nil {
		return nil, err
	}
	if err := checkNames(p); err != nil && samples > 0 {
		return nil, err
	}
	cols, ok := columnsOf(p)
	if !ok {
		return nil, fmt.Errorf("its values (%s) are none that Go profiles have: record a CPU, heap, block, mutex or goroutine profile", typesOf(p))
	}
	src := &Source{Format: cols.format, Duration: time.Duration(max(0, p.DurationNanos))}
	if p.TimeNanos > 0 {
		src.Recorded = time.Unix(0, p.TimeNanos)
	}
	if len(p.Mapping) > 0 {
		src.Main, src.BuildID = p.Mapping[0].File, p.Mapping[0].BuildID
	}
	src.Test = strings.HasSuffix(strings.TrimSuffix(src.Main, ".exe"), ".test")
	src.Go = toolchain(p)
	c := newConverter(b, cols, src, p)
	if cols.format == BlockProfile && c.releases(data) {
		c.cols.format, src.Format = MutexProfile, MutexProfile
	}
	if err := c.convert(data, samples); err != nil {
		return nil, err
	}
	return src, nil
}

// parse unmarshals and checks a profile's tables.
func parse(tables []byte) (*profile.Profile, error) {
	if len(tables) == 0 {
		return nil, errors.New("a profile without values, or no profile at all")
	}
	p, err := profile.ParseUncompressed(tables)
	if err != nil && strings.Contains(err.Error(), "concatenated") {
		return nil, errors.New("several profiles one behind the other: give -profile for each, or join them with go tool pprof -proto")
	}
	if err != nil {
		return nil, fmt.Errorf("no profile or trace, or a damaged one (%w): record it again", err)
	}
	if err := p.CheckValid(); err != nil {
		return nil, fmt.Errorf("a damaged profile (%w): record it again", err)
	}
	if len(p.SampleType) == 0 {
		return nil, errors.New("a profile without values, or no profile at all")
	}
	return p, nil
}

func typesOf(p *profile.Profile) string {
	var types []string
	for _, t := range p.SampleType {
		types = append(types, t.Type+"/"+t.Unit)
	}
	return strings.Join(types, ", ")
}

// checkNames refuses profiles that name no Go functions.
func checkNames(p *profile.Profile) error {
	if len(p.Function) == 0 {
		return errors.New("no function names: it was recorded from outside of a stripped program; build without -ldflags=-s, or record it by /debug/pprof, which needs no symbols")
	}
	seen := map[string]int{}
	for _, f := range p.Function {
		if strings.HasSuffix(f.Filename, ".go") || strings.HasPrefix(f.Name, "runtime.") || strings.HasPrefix(f.Name, "main.") {
			return nil
		}
		seen[languageOf(f)]++
	}
	best := ""
	for _, l := range languages {
		if seen[l.language] > seen[best] {
			best = l.language
		}
	}
	if best == "" {
		return errors.New("none of its functions is Go's: it is a profile of another program" + recordGo)
	}
	return fmt.Errorf("none of its functions is Go's: it is a profile of a %s program%s", best, recordGo)
}

func languageOf(f *profile.Function) string {
	ext := path.Ext(strings.ReplaceAll(f.Filename, `\`, "/"))
	for _, l := range languages {
		if l.suffix == ext {
			return l.language
		}
	}
	return ""
}

// version is how a toolchain's directory is called in the paths of its files.
var version = lazy(`\bgo(1\.\d+(\.\d+)?((rc|beta)\d+)?)\b`)

// toolchain finds the version in the paths of the runtime's files, where the
// directory says it. A profile has no better place for it.
func toolchain(p *profile.Profile) string {
	for _, f := range p.Function {
		if strings.HasPrefix(f.Name, "runtime.") {
			if v := version().FindString(path.Dir(f.Filename)); v != "" {
				return v
			}
		}
	}
	return ""
}
