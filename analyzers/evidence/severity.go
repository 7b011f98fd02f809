package evidence

import "fmt"

// A Severity orders findings. The zero value is Note.
type Severity int

const (
	Note    Severity = iota // worth a look
	Warning                 // a maintainer would fix it
	Error                   // broken in production sooner or later
)

var severityNames = []string{"note", "warning", "error"}

func (s Severity) String() string { return severityNames[s] }

// Set parses one of note, warning and error; it makes Severity a flag.Value.
func (s *Severity) Set(name string) error {
	for i, n := range severityNames {
		if n == name {
			*s = Severity(i)
			return nil
		}
	}
	return fmt.Errorf("want note, warning or error")
}
