// Package knowledge says what the standard library and known third-party
// libraries do with time: effects and costs, loop contracts, executors,
// limiters and locks. It is data, not code: see the files under data/.
//
// # Line format
//
// A file is a sequence of lines; blank lines and lines that start with '#' are
// skipped. A line is
//
//	VERB SYMBOL [WORD ...] [| FREE TEXT]
//
// with blanks or tabs between words. The same format is read by the
// -knowledge flag, whose lines win over the built-in ones.
//
// SYMBOL names a function, method or type: "pkg/path.Func" or
// "pkg/path.Type.Method", without a star for pointer receivers. Embedded
// methods are named at the type that declares them. A major version suffix in
// the path (/v2, /v3 …) is optional: a symbol written without one matches every
// major version. "pkg/path.Type.*" and "pkg/path.*" stand for all methods and
// all functions and methods; an exact symbol wins over a pattern.
//
// Argument positions N count from 0 and leave the receiver out; the word
// "recv" stands for the receiver.
//
// # effect SYMBOL WORD...
//
// What a call does. Several effects may stand on one line. For a struct field or
// a variable ("pkg/path.Type.Field"): what reading or writing its value does.
//
//	net db dns file proc cgo sleep chan wait lock   the kind (db and dns are net with a label)
//	cpu, cpu=loop     expensive computing (heavy), or one loop over its data
//	cost=45ms         cost of one call, or with a unit (cost=2.1ns/B), for people to read
//	usually, rarely   certainty when it is not "always"
//	ctx               a deadline of the context argument bounds it
//	deadline          it is bounded by a deadline of its own
//	const=N           it takes as long as argument N, a time.Duration, says
//	unless=N          argument N is read instead, where it is not nil
//	needs=N           nothing of this counts where argument N is nil
//	network=N         argument N names the network: on a local one nothing is waited for, on one of datagrams a look-up alone
//	addr=N            argument N is the address that is looked up: nothing where it names no host
//	stream            it uses a connection that is already open (Read, Write, Flush …), rather than making a request
//	datagram          it sends one packet over such a connection, which waits for no peer
//	fsync             a file effect that waits for the disk
//	buffers           what it writes stays in a buffer where that is a constant of less than 2 KB
//	whole             it goes through a whole file or tree, or reads a stream to its end
//	io=N              it reads or writes argument N: the effect is that of the argument's Read or Write
//	io=recv           the same for what the receiver was made from (see wraps)
//	gives=KIND        reading or writing its result waits for that, whatever the type says
//	wraps=N           its result reads or writes argument N later; cpu and cost on the line are then of that
//	calls=N           calls function argument N before it returns; N* once per element, N? at most once or on error
//	goes=N            runs function argument N on another goroutine; N* on one each of many
//	endless           it serves until it is told to stop
//	exits             it does not come back: a panic, the end of the goroutine or the process
//	none              nothing that counts
//
// # quiet SYMBOL
//
// Calls of the symbol (usually "pkg/path.*") never count: logging, metrics.
//
// # loop SYMBOL [allow=KIND,...] [| what the library says]
//
// A loop contract: the function runs on the library's one loop and must not
// block. SYMBOL is an interface method that users implement, a func-typed
// struct field ("pkg.Type.Field"), a func type ("pkg.Type"), or, as
// "SYMBOL#N", function parameter N. The kinds after allow= are permitted there,
// with "stream" what goes over a connection that is open already.
// "severity=warning" or "severity=note" lowers the severity.
// "repeats" says that one task of the loop runs the function many times, as a sort
// does its comparator.
// "offload=WORDS_WITH_UNDERSCORES" names the library's own way out. A package
// that calls the library's function NAME of "unless=NAME" is free of the contract.
// An interface can be implemented without an import of its package where its
// methods mention none of the package's types; "shape=METHOD,METHOD..." says
// which methods together nobody has by accident. These lines of a package, but no others,
// hold for a fork of it as well: a package whose path ends alike and that declares at least three, and
// three in four, of the symbols, with functions where the lines say so.
//
// # executor SYMBOL task=N [limit=...] [blocks] [wait=METHOD]
//
// A function that hands function argument N over to be run elsewhere.
//
//	limit=none        one goroutine each
//	limit=cores       GOMAXPROCS workers
//	limit=found       as many as pay, which it finds out while it runs
//	limit=const:K     K workers
//	limit=arg:N       argument N of the same call
//	limit=set:M       argument 0 of method M of the same receiver, none until then
//	limit=new:FUNC#N  argument N of the constructor pkg.FUNC of the receiver
//	limit=field:F     field F of the receiver's struct
//	blocks            the call waits while the limit is reached
//	wait=M            method M of the same receiver waits for the tasks
//	each              one task per element of a collection argument
//
// # limiter SYMBOL acquire|release|try
//
// Takes or gives back a token of something that bounds concurrency or rate.
//
// # mutex SYMBOL lock|unlock|rlock|runlock|trylock
//
// A mutual exclusion lock other than package sync's.
//
// # pause SYMBOL start|end
//
// Stops the library's loop while something else has the terminal, or lets it run again.
// Between the two its contract holds nobody to anything.
//
// # request SYMBOL
//
// A type of which a server gives one to its handler for each request, which has the answer as
// well. Types that give an http.Request with what answers it need no line.
//
// # asks SYMBOL [format=N] N.METHOD[/PARAMETERS]...
//
// A function that calls methods of its arguments before it returns, as json.Marshal calls
// MarshalJSON: N is the argument, N* that and all behind it; the method has so many parameters,
// by default none. Of several methods of one argument the first that it has is called. With
// format=N the verbs of argument N say who is asked.
package knowledge
