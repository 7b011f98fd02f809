package contract

/* want `directive nonblocking has no effect here` */ //concurlint:nonblocking
var limit = 8

/* want `unknown directive "nonblokcing"` */ //concurlint:nonblokcing
func typo()                                  {}

/* want `directive blocking names no effect kind` */ //concurlint:blocking
func kindless()                                      {}

/* want `unknown effect kind "network"` */ //concurlint:blocking network
func unknownKind()                         {}

func inside() {
	/* want `directive cpu has no effect here` */ //concurlint:cpu
	limit++
}

func params(
	/* want `directive cpu has no effect here` */ //concurlint:cpu
	f func(),
	/* want `directive nonblocking has no effect here` */ //concurlint:nonblocking
	n int,
	g func(), //concurlint:offload
) {
	f()
	g()
}

type sink interface {
	//concurlint:nonblocking
	event()

	store() //concurlint:blocking file
}

/* want `directive offload has no effect here` */ //concurlint:offload
type handler func()
