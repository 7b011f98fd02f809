package paths

import "os"

// In each function a call of hand is asked about: whether control comes from it
// through the loop called loop to it again without a call of cut. The name of the
// function says so.

func hand()      {}
func cut()       {}
func some() bool { return os.Getpid() > 1 }

func againPlain(n int) {
	for range n {
		hand()
	}
}

func onceReturn(n int) {
	for range n {
		if some() {
			hand()
			return
		}
	}
}

func onceLabelled(n int) {
outer:
	for range n {
		for range n {
			hand()
			continue outer
		}
	}
}

func againSwitch(n int) {
	for range n {
		switch {
		case some():
			hand()
			break
		}
	}
}

func onceBreak(c chan int) {
	for i := 0; ; i++ {
		if <-c == i {
			hand()
			break
		}
	}
}

func onceExit(n int) {
	for range n {
		hand()
		if some() {
			os.Exit(1)
		} else {
			panic("no")
		}
	}
}

func onceCut(n int) {
	for range n {
		cut()
		hand()
	}
}

func onceCutBehind(n int) {
	for range n {
		hand()
		cut()
	}
}

func againOneWay(n int) {
	for range n {
		if some() {
			cut()
		}
		hand()
	}
}

func onceBothWays(n int) {
	for range n {
		if some() {
			cut()
		} else {
			cut()
		}
		hand()
	}
}

func againSkips(n int) {
	for range n {
		if some() {
			hand()
			continue
		}
		cut()
	}
}

func onceCondition(n int) {
	for range n {
		for waits() {
		}
		hand()
	}
}

func waits() bool { cut(); return some() }

func onceGoto() {
	for {
		if some() {
			goto end
		}
		cut()
		hand()
	}
end:
}

func onceSelect(a, b chan int) {
	for {
		select {
		case <-a:
			cut()
		case <-b:
			return
		}
		hand()
	}
}

func againSelect(a, b chan int) {
	for {
		select {
		case <-a:
			cut()
		case <-b:
		}
		hand()
	}
}
