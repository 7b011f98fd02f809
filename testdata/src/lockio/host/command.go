package host

import "sync"

// A Command runs one call of it at a time.
type Command struct {
	*sync.Mutex
	word string
	run  func(args []string) error
}

// NewCommand returns the command of a word.
func NewCommand(word string, run func(args []string) error) Command {
	return Command{Mutex: &sync.Mutex{}, word: word, run: run}
}

// Exec runs the command.
func (c *Command) Exec(args []string) error {
	c.Lock()
	defer c.Unlock()
	return c.run(args)
}

// A Shell has the commands of its parts.
type Shell struct {
	own   []Command
	parts map[string]*Part
	last  *Command
}

// A Part is what a shell is put together from.
type Part struct {
	Shell    *Shell
	commands []*Command
}

// Add adds a command.
func (p *Part) Add(c Command) {
	p.commands = append(p.commands, &c)
	p.Shell.last = &c
}

func (p *Part) list() []*Command { return p.commands }

// Start has the shell run what the part depends on: some command of another part.
func (p *Part) Start(line string) error { return p.Shell.Run(line) }

// Run runs the command of a word.
func (s *Shell) Run(word string) error {
	for i := range s.own {
		if c := &s.own[i]; c.word == word {
			return c.Exec(nil)
		}
	}
	for _, p := range s.parts {
		for _, c := range p.list() {
			if c.word == word {
				return c.Exec(nil)
			}
		}
	}
	return nil
}

// Again runs a command once more.
func Again(c *Command) error { return c.Exec(nil) }

// A Ledger changes all at once.
type Ledger struct {
	mu  sync.Mutex
	all map[string]int
}

// An Entry is what a change works on.
type Entry interface{ Set(name string, n int) }

type entry struct{ of *Ledger }

func (e *entry) Set(name string, n int) { e.of.all[name] = n }

// Update runs a change.
func (l *Ledger) Update(change func(e Entry) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return change(&entry{l})
}
