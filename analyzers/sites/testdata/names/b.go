package p

var later = func() { call(func() { sink = 20 }) }

func init() { call(func() { sink = 21 }) }

func init() {
	for i := range count {
		go one(i)
	}
}

var last, but = func() {}, func() int { return 1 }

func local() func() {
	var f, g = func() {}, func() { sink = 22 }
	_ = g
	return f
}
