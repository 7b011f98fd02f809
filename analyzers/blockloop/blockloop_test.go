package blockloop_test

import (
	"testing"

	"github.com/concurlint/concurlint/analyzers/blockloop"
	"github.com/concurlint/concurlint/analyzers/internal/wants"
)

func TestShown(t *testing.T) {
	wants.Shown(t, blockloop.Analyzer, "blockloop", "blockloop/promise", "blockloop/promised", "blockloop/unordered", "blockloop/indirect", "blockloop/doubt", "blockloop/wire", "blockloop/caller")
}

func TestAll(t *testing.T) {
	wants.All(t, blockloop.Analyzer, "blockloop/hooks", "blockloop/wired", "blockloop/screens", "blockloop/cabin", "blockloop/deadlines", "blockloop/serving", "blockloop/patient", "blockloop/upstream", "blockloop/forked", "blockloop/shapeslib", "blockloop/shapes", "blockloop/terminal", "blockloop/again", "blockloop/own", "blockloop/rider", "blockloop/sweeper", "blockloop/members")
}
