package profile

// Names of the labels that package executor gives to its goroutines.
const (
	labelExecutor = "concurlint.executor"
	labelStage    = "concurlint.stage"
)

// label decodes a label.
func (s *sample) label(msg []byte) error {
	var l label
	for len(msg) > 0 {
		f, err := next(msg)
		if err != nil {
			return err
		}
		msg = msg[f.size:]
		switch f.number {
		case fieldKey:
			l.key = f.varint
		case fieldText:
			l.text = f.varint
		}
	}
	s.labels = append(s.labels, l)
	return nil
}

// executorLabels finds the executor of a sample by its labels.
type executorLabels struct {
	executor, stage uint64   // numbers of the labels' names; 0: the profile has none
	texts           []string // by number
}

// readExecutorLabels looks for the names in the table of strings. Of a profile
// without them nothing is kept.
func readExecutorLabels(data []byte) (l executorLabels) {
	var texts []string
	for len(data) > 0 {
		f, err := next(data)
		if err != nil {
			return executorLabels{} // damage is found elsewhere
		}
		data = data[f.size:]
		if f.number != fieldString || f.wire != wireBytes {
			continue
		}
		switch string(f.bytes) {
		case labelExecutor:
			l.executor = uint64(len(texts))
		case labelStage:
			l.stage = uint64(len(texts))
		}
		texts = append(texts, string(f.bytes))
	}
	if l.executor > 0 {
		l.texts = texts
	}
	return l
}

func (l *executorLabels) of(s *sample) (ran Executor) {
	if l.texts == nil {
		return ran
	}
	for _, x := range s.labels {
		switch {
		case x.text >= uint64(len(l.texts)):
		case x.key == l.executor:
			ran.Kind = l.texts[x.text]
		case x.key == l.stage && l.stage > 0:
			ran.Stage = l.texts[x.text]
		}
	}
	return ran
}
