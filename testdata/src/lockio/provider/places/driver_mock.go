// Code generated for the tests of who drives. DO NOT EDIT.

package places

// A FakeDriver keeps what it is told. It says nothing of those that drive.
type FakeDriver struct{ told []string }

func (f *FakeDriver) Go(to string) { f.told = append(f.told, to) }
