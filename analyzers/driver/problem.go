package driver

// A loadError is what go list says of a package that it cannot load.
type loadError struct {
	ImportStack []string
	Pos, Err    string
}

func (e *loadError) text() string {
	if e.Pos != "" {
		return e.Pos + ": " + e.Err
	}
	return e.Err
}
