package fanout

// What a literal does beside its work now and then is its own affair.
func recovered(us []string, broken func(string) bool) {
	recover := func(u string) {
		if broken(u) {
			go fetch(u)
			return
		}
		println(u)
	}
	for _, u := range us {
		recover(u) // want `note: .*recover starts a goroutine for each of us and each waits on the network`
	}
}
