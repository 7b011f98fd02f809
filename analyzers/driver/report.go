package driver

import (
	"go/token"

	"golang.org/x/tools/go/analysis"
)

// diagnostic turns positions into places, which outlive the syntax.
func (u *unit) diagnostic(a *analysis.Analyzer, d analysis.Diagnostic) Diagnostic {
	end := d.End
	if !end.IsValid() {
		end = d.Pos
	}
	out := Diagnostic{
		Package:  u.node.path(),
		Analyzer: a.Name,
		Category: d.Category,
		URL:      d.URL,
		Pos:      u.place(d.Pos),
		End:      u.place(end),
		Message:  d.Message,
	}
	for _, r := range d.Related {
		out.Related = append(out.Related, Related{u.place(r.Pos), r.Message})
	}
	for _, f := range d.SuggestedFixes {
		fix := Fix{Message: f.Message}
		for _, e := range f.TextEdits {
			if !e.End.IsValid() {
				e.End = e.Pos
			}
			file := u.fset.File(e.Pos)
			fix.Edits = append(fix.Edits, Edit{File: file.Name(), Start: file.Offset(e.Pos), End: file.Offset(e.End), New: string(e.NewText)})
		}
		out.Fixes = append(out.Fixes, fix)
	}
	return out
}

func (u *unit) place(pos token.Pos) Position {
	if file := u.fset.File(pos); file != nil && !u.owns(file) {
		u.foreign = true
	}
	return position(u.fset, pos)
}

func (u *unit) owns(file *token.File) bool {
	if u.owned == nil {
		u.owned = make(map[*token.File]bool, len(u.files))
		for _, f := range u.files {
			u.owned[u.fset.File(f.FileStart)] = true
		}
	}
	return u.owned[file]
}
