package run

import (
	"errors"
	"strings"

	"github.com/concurlint/concurlint/advisor/executor"
)

// stackMark stands between the text of an error and the stack it came from.
const stackMark = "\n\ngoroutine:\n"

// failureText is what is kept of an error: of a panic its value, where it was,
// and of the stack the frames that are the user's; of a crash why, and the
// stacks.
func failureText(err error) string {
	var here *executor.PanicError
	if errors.As(err, &here) {
		return panicText(here)
	}
	text := strings.ReplaceAll(err.Error(), stackMark, "\ngoroutine:\n")
	var died *executor.DeathError
	if errors.As(err, &died) { // what Go says of a crash, a blank line, the stacks
		if why, stacks, ok := strings.Cut(text, "\n\n"); ok {
			return why + stackMark + stacks
		}
	}
	return text
}

func panicText(err *executor.PanicError) string {
	frames := userFrames(string(err.Stack))
	text := err.Error()
	if len(frames) == 0 {
		return text
	}
	if _, at, ok := strings.Cut(frames[0], "\n"); ok {
		at, _, _ = strings.Cut(strings.TrimSpace(at), " ")
		text += ", at " + at
	}
	return text + stackMark + strings.Join(frames, "\n")
}

// userFrames are the frames between the panic and our own adapter, each of two
// lines: the call and its place.
func userFrames(stack string) []string {
	_, calls, ok := strings.Cut(stack, "\npanic(")
	if !ok {
		return nil
	}
	lines := strings.Split(calls, "\n")
	var frames []string
	for i := 2; i+1 < len(lines); i += 2 {
		if strings.Contains(lines[i], ".init.") && strings.Contains(lines[i+1], "/run/adapt.go:") || strings.Contains(lines[i+1], "/run/stage.go:") {
			break
		}
		if len(frames) == 0 && strings.HasPrefix(lines[i], "runtime.") {
			continue // such as panicIndex
		}
		frames = append(frames, lines[i]+"\n"+lines[i+1])
	}
	return frames
}
